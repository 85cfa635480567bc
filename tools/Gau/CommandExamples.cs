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
                ("gau score texts.jsonl --top 3 --abstain 0.6 -o scored.jsonl", "The three best; none if unsure."),
                ("gau score texts.jsonl --text body --dry-run 100", "Whether the first 100 records can be scored."),
                ("gau score texts.jsonl -o scored.jsonl --resume", "Goes on where an interrupted run ended."),
                ("gau score reports.jsonl --window 512 --stride 256", "Long texts, whole, in windows that overlap."),
                ("gau score news.jsonl --verbalizer words.json --template 这是[MASK]新闻：{text}",
                    "Labels out of the masked LM, without a head."),
                ("gau score data -o parts --shard 0/16", "The first of 16 shares of the files in a folder."),
                ("gau score data -o parts --shard 0/9999 --index data.gauindex",
                    "Of thousands of shares, each reads its own part."),
            ],
            ["index"] =
            [
                ("gau index data -o data.gauindex", "Where records end in the files of a folder."),
                ("gau index rows.tsv --quotes none -o rows.gauindex", "Read as the shares will read it."),
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
            ["search"] =
            [
                ("gau search vectors.parquet 今天天气很好", "The ten closest to a text, of what gau embed has written."),
                ("gau search laws queries.jsonl --top 3 -o found.jsonl",
                    "For each query of a file, of the texts in a folder."),
            ],
            ["dedup"] =
            [
                ("gau dedup texts.jsonl --threshold 0.97 -o groups.jsonl", "Which texts are nearly the same."),
                ("gau dedup vectors.npy -o groups.parquet", "Of vectors that are there already."),
            ],
            ["cluster"] =
            [
                ("gau cluster texts.jsonl -k 20 --centres centres.jsonl -o clusters.jsonl",
                    "Twenty clusters, and the texts in the middle of each."),
            ],
            ["eval"] =
            [
                ("gau eval test.csv --labels label", "Accuracy and errors against the column label."),
                ("gau eval test.csv --labels label --page report.html", "A page with the worst records too."),
                ("gau eval dev.json --clue-task tnews", "A file of the CLUE benchmark."),
            ],
            ["calibrate"] =
            [
                ("gau calibrate model.safetensors dev.jsonl --labels label -o calibrated.safetensors",
                    "Scores become probabilities."),
                ("gau calibrate topics.safetensors dev.jsonl --labels topics --precision 0.9 -o calibrated.safetensors",
                    "Of several labels, each is chosen where 9 of 10 are right."),
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
