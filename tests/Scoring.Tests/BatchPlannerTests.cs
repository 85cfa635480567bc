using System.Globalization;
using FluentAssertions;
using GauRuntime.Scoring.Pipeline;
using GauRuntime.Scoring.Records;
using GauRuntime.Scoring.Tasks;
using Xunit;

namespace GauRuntime.Scoring.Tests;

public sealed class BatchPlannerTests
{
    [Fact]
    public void ReadNext_ManyRecords_LeavesHardlyMoreThanTheirTextsToCollect()
    {
        const int Length = 20, Warm = 3000, Measured = 300, Tries = 100;
        const double BytesOfStrings = 2 * 24 + sizeof(char) * (Length + 8);   // text and id, with their headers
        string input = string.Concat(Enumerable.Range(0, Warm + Tries * (Measured + 100)).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{{\"id\":\"r{i:00000}\",\"text\":\"{i:00000}{new string('天', Length - 5)}\"}}\n")));
        using TemporaryFolder folder = new();
        using GauModel model = LoadedModel.Of(folder, TinyModel.Sequence);
        using RecordSource source = new([RecordReaderTests.Input(input, RecordFormat.JsonLines)], new RecordFields());
        AnswerPool answers = new();
        BatchPlanner planner = new(RecordTask.Score(model), source, new ScoringOptions(), answers);
        using WorkItem item = new();
        Plan(Warm);
        const double Most = BytesOfStrings + 24;
        int planned = 0;
        long bytes = Allocation.Least((long)(Measured * Most), () => planned = Plan(Measured));
        (bytes / (double)planned).Should().BeInRange(sizeof(char) * Length, Most);

        int Plan(int count)
        {
            int records = 0;
            for (; records < count && planner.ReadNext(); records++)
            {
                if (planner.IsFull(item))
                {
                    foreach (BatchEntry entry in item.Entries)
                        answers.Release(entry.Answer);
                    item.Clear();
                }
                planner.AddTo(item);
            }
            return records;
        }
    }
}
