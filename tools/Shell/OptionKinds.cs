using System.CommandLine;
using System.Globalization;

namespace GauRuntime.Tools.Shell;

/// <summary>Makes options whose faults are told in plain words.</summary>
internal static class OptionKinds
{
    public static Option<string?> Text(string name, string description, string placeholder) =>
        new(name) { Description = description, HelpName = placeholder };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    /// <summary>One of a few words; null where it is not given and there is no usual one.</summary>
    public static Option<string> Word(string name, string description, string? usual, params string[] words)
    {
        Option<string> option = new(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                string value = result.Tokens[0].Value;
                if (!words.Contains(value))
                    result.AddError(
                        $"{name}: '{value}' is none of {string.Join(", ", words)}{Nearest.Question(value, words)}");
                return value;
            },
        };
        option.CompletionSources.Add(words);
        if (usual is not null)
            option.DefaultValueFactory = _ => usual;
        return option;
    }

    /// <summary>Some of a few words, with commas between them, or the one that means all of them.</summary>
    public static Option<string[]?> Words(string name, string description, string all, params string[] words)
    {
        string[] known = [all, .. words];
        Option<string[]?> option = new(name)
        {
            Description = description,
            HelpName = $"{all}|NAME,NAME,…",
            CustomParser = result =>
            {
                string[] values = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
                string? unknown = values.FirstOrDefault(value => value != all && !words.Contains(value));
                if (unknown is not null)
                    result.AddError(
                        $"{name}: '{unknown}' is none of {string.Join(", ", known)}{Nearest.Question(unknown, known)}");
                else if (values.Length > 1 && values.Contains(all))
                    result.AddError($"{name}: '{all}' stands alone");
                return values;
            },
        };
        option.CompletionSources.Add(known);
        return option;
    }

    /// <summary>A whole number in a range, or null where it is not given.</summary>
    public static Option<int?> Number(string name, string description, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string value = result.Tokens[0].Value;
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number >= least && number <= most)
                return number;
            string range = most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}";
            result.AddError($"{name}: '{value}' is not a whole number {range}");
            return null;
        },
    };

    /// <summary>Bytes, with K, M or G for 2¹⁰, 2²⁰ or 2³⁰ of them, or null where it is not given.</summary>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result =>
        {
            string value = result.Tokens[0].Value;
            int shift = value.Length == 0
                ? -1
                : "KMG".IndexOf(char.ToUpperInvariant(value[^1]), StringComparison.Ordinal);
            string digits = shift < 0 ? value : value[..^1];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                && number > 0 && number <= long.MaxValue >> 10 * (shift + 1))
                return number << 10 * (shift + 1);
            result.AddError($"{name}: '{value}' is not a size such as 800M or 2G");
            return null;
        },
    };

    /// <summary>A number of at least 0, or null where it is not given.</summary>
    public static Option<double?> Amount(string name, string description) =>
        Amount(name, description, double.MaxValue, "of at least 0");

    /// <summary>A number from 0 to 1, or null where it is not given.</summary>
    public static Option<double?> Share(string name, string description) => Amount(name, description, 1, "from 0 to 1");

    private static Option<double?> Amount(string name, string description, double most, string range) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            string value = result.Tokens[0].Value;
            const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (double.TryParse(value, Plain, CultureInfo.InvariantCulture, out double number)
                && number <= most)
                return number;
            result.AddError($"{name}: '{value}' is not a number {range}");
            return null;
        },
    };

    /// <summary>Whole numbers in a range, with commas between them; null where it is not given.</summary>
    public static Option<int[]?> Numbers(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N,N,…",
        CustomParser = result =>
        {
            string value = string.Join(',', result.Tokens.Select(token => token.Value));
            List<int> numbers = [];
            foreach (string part in value.Split(','))
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    || number < least || number > most)
                {
                    result.AddError($"{name}: '{value}' are not whole numbers from {least} to {most}, as in 64,128");
                    return null;
                }
                numbers.Add(number);
            }
            return [.. numbers];
        },
    };
}
