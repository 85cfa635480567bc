using GauRuntime.Scoring;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;

namespace GauRuntime.Benchmarks.Jobs;

/// <summary>A job into a file, and the encoder alone over the same batches.</summary>
internal sealed record Round(long Tokens, Cost Job, Cost Encoder)
{
    /// <summary>The job's rate over the encoder's.</summary>
    public double Rate => Encoder.Seconds / Job.Seconds;

    /// <summary>The encoder's processor time over the job's.</summary>
    public double Processor => Encoder.ProcessorSeconds / Job.ProcessorSeconds;
}

/// <summary>Measures jobs and the encoder in turn, so that a slow moment of the machine hits both.</summary>
internal sealed class Rounds(GauModel model, ScoringOptions options, string folder)
{
    /// <summary>Runs one round per part of a corpus, after a round that is not counted.</summary>
    public List<Round> Run(IEnumerable<string[]> parts)
    {
        List<Round> rounds = [];
        bool warm = false, jobFirst = false;
        foreach (string[] part in parts)
        {
            string input = Path.Combine(folder, "round.jsonl"), output = Path.Combine(folder, "round.scored.jsonl");
            Corpus.Write(input, part);
            EncoderAlone encoder = new(model, input, options);
            Cost job = default, alone;
            if (jobFirst)
                job = Cost.Of(() => Score(input, output));
            alone = Cost.Of(encoder.Run);
            if (!jobFirst)
                job = Cost.Of(() => Score(input, output));
            jobFirst = !jobFirst;
            if (warm)
                rounds.Add(new Round(encoder.Tokens, job, alone));
            warm = true;
        }
        return rounds;
    }

    private void Score(string input, string output)
    {
        RecordTask task = RecordTask.Score(model);
        using RecordSource source = new([InputFile.Find(input, null)], task.DefaultFields);
        using ScoringJob job = ScoringJob.Open(
            new JobOutput { Path = output, Format = RecordFormat.JsonLines, Force = true });
        job.Run(new ScoringRun(task, source, options, RecordFormat.JsonLines), CancellationToken.None);
    }
}
