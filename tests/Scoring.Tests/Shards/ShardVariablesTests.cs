using FluentAssertions;
using GauRuntime.Scoring.Jobs;
using GauRuntime.Scoring.Records;
using Xunit;

namespace GauRuntime.Scoring.Tests.Shards;

/// <summary>What schedulers tell a task of itself. The variables are those that each documents.</summary>
public sealed class ShardVariablesTests
{
    private const string Slurm = "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=16 SLURM_ARRAY_TASK_MIN=0 "
        + "SLURM_ARRAY_TASK_MAX=15 SLURM_ARRAY_TASK_STEP=1";

    [Theory]
    [InlineData(Slurm, 7, 16)]
    // --array=1-16
    [InlineData("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=16 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=16", 0, 16)]
    // --array=10-40:10
    [InlineData(
        "SLURM_ARRAY_TASK_ID=30 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_MAX=40 "
        + "SLURM_ARRAY_TASK_STEP=10", 2, 4)]
    // --array=0-15:4, whose last index is 12 but whose span ends at 15
    [InlineData(
        "SLURM_ARRAY_TASK_ID=12 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=12 "
        + "SLURM_ARRAY_TASK_STEP=4", 3, 4)]
    // --array=3,7 again, of 16
    [InlineData(
        "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 "
        + "SLURM_ARRAY_TASK_STEP=1 GAU_SHARD_COUNT=16", 7, 16)]
    [InlineData("JOB_COMPLETION_INDEX=0 GAU_SHARD_COUNT=3", 0, 3)]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=3", 2, 3)]
    [InlineData("PBS_ARRAY_INDEX=4 GAU_SHARD_COUNT=8", 4, 8)]
    [InlineData("PBS_ARRAYID=4 GAU_SHARD_COUNT=8", 4, 8)]
    // qsub -t 1-10:1
    [InlineData("SGE_TASK_ID=10 SGE_TASK_FIRST=1 SGE_TASK_LAST=10 SGE_TASK_STEPSIZE=1", 9, 10)]
    [InlineData("SGE_TASK_ID=7 SGE_TASK_FIRST=1 SGE_TASK_LAST=7 SGE_TASK_STEPSIZE=3", 2, 3)]
    // a job of Slurm on a machine where other variables are left over
    [InlineData(Slurm + " PBS_ARRAY_INDEX=1 SGE_TASK_ID=undefined", 7, 16)]
    [InlineData("SGE_TASK_ID=undefined PBS_ARRAY_INDEX=1 GAU_SHARD_COUNT=2", 1, 2)]
    public void Read_SchedulersVariables_GiveTheShare(string variables, int index, int count) =>
        ShardVariables.Read(Environment(variables)).Should().Be(new Shard(index, count));

    [Theory]
    [InlineData("", "no scheduler has numbered this task; looked for SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX")]
    [InlineData("SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined", "no scheduler has numbered this task")]
    [InlineData("GAU_SHARD_COUNT=4", "no scheduler has numbered this task")]
    [InlineData("JOB_COMPLETION_INDEX=1", "nothing says how many there are; set GAU_SHARD_COUNT")]
    [InlineData("PBS_ARRAY_INDEX=1", "nothing says how many there are")]
    // --array=3,7 again, without saying of how many
    [InlineData(
        "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7 "
        + "SLURM_ARRAY_TASK_STEP=1", "are not all there; set GAU_SHARD_COUNT")]
    [InlineData(
        "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3 "
        + "SLURM_ARRAY_TASK_STEP=3", "are not all there")]
    [InlineData("JOB_COMPLETION_INDEX=3 GAU_SHARD_COUNT=3", "task 3 of 3 is no share; shares are numbered from 0")]
    [InlineData("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=4", "task -1 of 3 is no share")]
    [InlineData("PBS_ARRAY_INDEX=1 GAU_SHARD_COUNT=0", "task 1 of 0 is no share")]
    [InlineData("PBS_ARRAY_INDEX=1 GAU_SHARD_COUNT=100000", "task 1 of 100000 is no share")]
    [InlineData("PBS_ARRAY_INDEX=1[2] GAU_SHARD_COUNT=9", "PBS_ARRAY_INDEX: '1[2]' is not a whole number")]
    [InlineData("PBS_ARRAY_INDEX=1 GAU_SHARD_COUNT=-9", "GAU_SHARD_COUNT: '-9' is not a whole number")]
    public void Read_NotAllThatIsNeeded_SaysWhat(string variables, string message)
    {
        Action read = () => ShardVariables.Read(Environment(variables));
        ScoringException fault = read.Should().Throw<ScoringException>().Which;
        fault.Fault.Should().Be(ScoringFault.Usage);
        fault.Message.Should().StartWith("--shard auto: ").And.Contain(message);
    }

    [Theory]
    [InlineData(Slurm, "SLURM_ARRAY_TASK_ID")]
    [InlineData("SGE_TASK_ID=undefined", null)]
    [InlineData("JOB_COMPLETION_INDEX=", null)]
    [InlineData("GAU_SHARD_COUNT=4", null)]
    public void Scheduler_Variables_AreNamed(string variables, string? name) =>
        ShardVariables.Scheduler(Environment(variables)).Should().Be(name);

    private static Func<string, string?> Environment(string variables) =>
        variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2))
            .ToDictionary(v => v[0], v => v[1]).GetValueOrDefault;
}
