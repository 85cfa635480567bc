using GauRuntime.Tools;

namespace GauRuntime.LibGau;

/// <summary>Models by the numbers that callers know them by. A number is never used again.</summary>
internal static class ModelTable
{
    private static readonly Lock TableLock = new();
    private static readonly Dictionary<ulong, LoadedModel> Models = [];
    private static ulong last;

    public static ulong Add(LoadedModel model)
    {
        lock (TableLock)
        {
            Models.Add(++last, model);
            return last;
        }
    }

    /// <summary>Begins a call; <see cref="LoadedModel.Leave"/> ends it.</summary>
    public static LoadedModel Enter(ulong number)
    {
        lock (TableLock)
        {
            if (!Models.TryGetValue(number, out LoadedModel? model))
                throw NoModel(number);
            model.Enter();
            return model;
        }
    }

    public static void Remove(ulong number)
    {
        LoadedModel? model;
        lock (TableLock)
        {
            if (!Models.Remove(number, out model))
                throw NoModel(number);
        }
        model.Leave();
    }

    private static ToolException NoModel(ulong number) =>
        new(Status.BadModel, number == 0 ? "no model: 0" : $"no model {number}: freed, or never loaded");
}
