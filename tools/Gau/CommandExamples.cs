namespace GauRuntime.Cli;

/// <summary>Command lines to begin with, for help and manual.</summary>
internal static class CommandExamples
{
    /// <summary>By the name of the command; those of the program under "".</summary>
    public static IReadOnlyDictionary<string, (string Line, string Meaning)[]> All { get; } =
        new Dictionary<string, (string, string)[]>
        {
            [""] =
            [
                ("gau score --literal 今天天气很好", "The answer for one text, on the screen."),
                ("gau score texts.csv -o scored.csv", "A file of records into a file of results."),
                ("gau help score", "What score can do."),
            ],
            ["score"] =
            [
                ("gau score --literal 今天天气很好", "One text at the prompt."),
                ("gau score texts.csv --text body -o scored.csv", "The texts of the column body."),
                ("gau score texts.jsonl --text body --dry-run 100", "Whether the first 100 records can be scored."),
                ("gau score texts.jsonl -o scored.jsonl --resume", "Goes on where an interrupted run ended."),
                ("gau score reports.jsonl --window 512 --stride 256", "Long texts, whole, in windows that overlap."),
                ("gau score news.jsonl --verbalizer words.json --template 这是[MASK]新闻：{text}",
                    "Labels out of the masked LM, without a head."),
                ("gau score data -o parts --shard 0/16", "The first of 16 shares of the files in a folder."),
            ],
            ["merge"] = [("gau merge parts -o scored.jsonl", "Joins the parts of all shards.")],
            ["embed"] =
            [
                ("gau embed --literal 今天天气很好 --normalize", "The vector of one text."),
                ("gau embed texts.jsonl --pooling cls -o vectors.parquet", "A vector per record, as a table."),
            ],
            ["fill"] =
            [
                ("gau fill 今天天气很[MASK] --top 3", "The three best tokens."),
                ("gau fill masks.txt -o filled.jsonl", "A file of texts, one per line."),
                ("gau fill 今天天气很[MASK] --candidates words.txt", "Only the words of a file, ranked."),
            ],
            ["rerank"] =
            [
                ("gau rerank queries.jsonl texts.jsonl --model cross.safetensors --top 10 -o ranked.jsonl",
                    "The ten best texts for each query."),
                ("gau rerank queries.csv found.csv --query query_id --model cross.safetensors -o ranked.csv",
                    "Each text only for the query that it was found for; a row for each pair."),
            ],
            ["eval"] =
            [
                ("gau eval test.csv --labels label", "Accuracy and errors against the column label."),
                ("gau eval dev.json --clue-task tnews", "A file of the CLUE benchmark."),
            ],
            ["explain"] = [("gau explain 今天天气很好 -o page.html", "A page for a browser.")],
            ["compare"] = [("gau compare a.jsonl b.csv --tolerance 1e-6", "Ends with 78 if numbers differ by more.")],
            ["tokenize"] =
            [
                ("gau tokenize 今天天气很好", "The tokens of one text."),
                ("gau tokenize --input texts.txt", "Of a file of texts."),
            ],
            ["forward"] = [("gau forward --input case.json -o out.safetensors", "The outputs for token ids.")],
            ["inspect"] = [("gau inspect model.safetensors", "What is in a model file.")],
            ["verify"] = [("gau verify model.safetensors", "Whether this machine computes the same bits.")],
            ["bench"] = [("gau bench --lengths 64,512 --batch 8", "Eight texts per pass, of two lengths.")],
            ["completion"] = [("gau completion bash", "The script for bash.")],
            ["man"] = [("gau man", "The page, for man -l -.")],
        };
}
