System.Console.WriteLine("gau");
