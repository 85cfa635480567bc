using System.Globalization;
using GauRuntime.Benchmarks.Agreement;

// Converts models/legal to float and to int8 and compares both on held-out texts:
//   dotnet run -c Release --project benchmarks/Agreement
Console.OutputEncoding = System.Text.Encoding.UTF8;
AgreementResult result = AgreementMeasurement.Run(AgreementMeasurement.FindRepository());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
    texts                                {result.Texts}
    same label                           {result.SameLabel:P2}
    mean |probability difference|        {result.ProbabilityDifference:F5}
    accuracy f32 / int8                  {result.AccuracyF32:P2} / {result.AccuracyInt8:P2}
    masked characters                    {result.Masks}
    masked-LM top-1 agreement            {result.SameTop1:P2}
    masked-LM top-1 accuracy f32 / int8  {result.MaskedAccuracyF32:P2} / {result.MaskedAccuracyInt8:P2}
    """));
return 0;
