using System.Globalization;
using System.Text;
using GauRuntime.Weights;

namespace GauRuntime.Train.Pretraining;

/// <summary>A point of a training curve.</summary>
/// <param name="Update">Updates in the weights.</param>
/// <param name="Epoch">Epochs that were begun.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="Rate">η of the last update, schedule included.</param>
/// <param name="Loss">Mean loss of the updates since the point before, with dropout, in nats per target.</param>
/// <param name="Accuracy">Mean accuracy of these, from 0 to 1.</param>
/// <param name="HeldOutLoss">Loss on the held-out texts, without dropout; null where there are none.</param>
/// <param name="HeldOutAccuracy">Accuracy on them.</param>
/// <param name="Seconds">Time of all updates and evaluations so far.</param>
internal sealed record CurvePoint(
    long Update, long Epoch, long Tokens, double Rate, double Loss, double Accuracy, double? HeldOutLoss,
    double? HeldOutAccuracy, double Seconds);

/// <summary>How a training went, as CSV.</summary>
internal static class TrainingCurve
{
    private const string Header =
        "update,epoch,tokens,rate,loss,accuracy,held_out_loss,held_out_accuracy,seconds";

    private const int Columns = 9;

    /// <summary>A line of names, and one for each point; numbers as they are, to the last bit.</summary>
    public static string ToCsv(IEnumerable<CurvePoint> points)
    {
        StringBuilder csv = new(Header + "\n");
        foreach (CurvePoint point in points)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{point.Update},{point.Epoch},{point.Tokens},{point.Rate:R},");
            csv.Append(CultureInfo.InvariantCulture, $"{point.Loss:R},{point.Accuracy:R},{point.HeldOutLoss:R},");
            csv.Append(CultureInfo.InvariantCulture, $"{point.HeldOutAccuracy:R},{point.Seconds:F3}\n");
        }
        return csv.ToString();
    }

    /// <summary>Reads what <see cref="ToCsv"/> wrote.</summary>
    /// <param name="file">Where it stands, for messages.</param>
    /// <param name="csv">The text.</param>
    /// <exception cref="GauFormatException">It is something else.</exception>
    public static List<CurvePoint> Parse(string file, string csv)
    {
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != Header)
            throw new GauFormatException(file, "training curve", "its first line names other columns");
        List<CurvePoint> points = [];
        for (int i = 1; i < lines.Length; i++)
            points.Add(Point(lines[i].Split(','))
                ?? throw new GauFormatException(file, $"training curve, line {i + 1}", "no point of a curve"));
        return points;
    }

    private static CurvePoint? Point(string[] fields)
    {
        if (fields.Length != Columns || !Whole(fields[0], out long update) || !Whole(fields[1], out long epoch)
            || !Whole(fields[2], out long tokens) || !Number(fields[3], out double rate)
            || !Number(fields[4], out double loss) || !Number(fields[5], out double accuracy)
            || !Number(fields[8], out double seconds))
            return null;
        bool isHeldOut = Number(fields[6], out double heldOut) & Number(fields[7], out double right);
        return isHeldOut || (fields[6].Length == 0 && fields[7].Length == 0)
            ? new CurvePoint(
                update, epoch, tokens, rate, loss, accuracy, isHeldOut ? heldOut : null, isHeldOut ? right : null,
                seconds)
            : null;
    }

    private static bool Whole(string field, out long number) =>
        long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool Number(string field, out double number) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
