namespace GauRuntime.Desktop.Jobs;

/// <summary>How a job stands.</summary>
internal enum JobState
{
    /// <summary>It was ended before its end, and can go on.</summary>
    Stopped,
    /// <summary>Another is before it.</summary>
    Waiting,
    /// <summary>It computes.</summary>
    Running,
    /// <summary>All results are there.</summary>
    Done,
    /// <summary>Something is wrong; it can go on when that is mended.</summary>
    Failed,
}
