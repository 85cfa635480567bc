System.Console.WriteLine("gau-convert");
