using GauRuntime.Weights.ModelFile;

namespace GauRuntime.Convert.Auto;

/// <summary>An option for every unit of a model.</summary>
/// <param name="units">The units.</param>
/// <param name="options">The index of each unit's option.</param>
internal sealed class StoragePlan(IReadOnlyList<StorageUnit> units, int[] options)
{
    /// <summary>The fastest option for each, and of those that are as fast the most exact.</summary>
    public static StoragePlan Fastest(IReadOnlyList<StorageUnit> units) => new(units, [.. units.Select(unit =>
        Enumerable.Range(0, unit.Options.Count).Reverse().MinBy(option => CostModel.Of(unit, option)))]);

    /// <summary>The most exact option for all.</summary>
    public static StoragePlan Exact(IReadOnlyList<StorageUnit> units) =>
        new(units, [.. units.Select(unit => unit.Options.Count - 1)]);

    public int this[int unit] => options[unit];

    /// <summary>Time of the products.</summary>
    public double Cost => units.Select((unit, i) => CostModel.Of(unit, options[i])).Sum();

    public AttentionType Attention => OptionOf(StorageUnit.Attention).Type == WeightType.F32
        ? AttentionType.F32
        : AttentionType.Int8;

    /// <summary>Whether another plan of the same units has the same options.</summary>
    public bool Is(StoragePlan other) => units.Select((_, i) => i).All(i => options[i] == other[i]);

    /// <summary>The plan with another option for a unit.</summary>
    public StoragePlan With(int unit, int option)
    {
        int[] changed = [.. options];
        changed[unit] = option;
        return new StoragePlan(units, changed);
    }

    /// <summary>The plan with all matrices in blocks of one size.</summary>
    public StoragePlan WithMatrices(int option) =>
        new(units, [.. units.Select((unit, i) => unit.IsAttention ? options[i] : option)]);

    /// <summary>The plan with attention in F32.</summary>
    public StoragePlan WithExactAttention() => new(units,
        [.. units.Select((unit, i) => unit.IsAttention ? unit.Options.Count - 1 : options[i])]);

    /// <summary>The most usual option of the matrices is the rule, the others are exceptions.</summary>
    public StorageScheme Scheme()
    {
        (string Name, StorageOption Option)[] matrices = [.. units.SelectMany((unit, i) =>
            unit.Matrices.Select(name => (name, unit.Options[options[i]])))];
        StorageOption rule = matrices.GroupBy(matrix => matrix.Option).OrderByDescending(group => group.Count())
            .ThenBy(group => Index(group.Key)).First().Key;
        return new StorageScheme(rule.Type, rule.Block, matrices.Where(matrix => matrix.Option != rule)
            .Select(matrix => new StoredMatrix(matrix.Name, matrix.Option.Type, matrix.Option.Block)));
    }

    /// <summary>The model that is stored so, put together from models that are stored one way each.</summary>
    /// <param name="models">A model per option of the matrices; the last is exact.</param>
    public GauModel Model(IReadOnlyList<GauModel> models)
    {
        Dictionary<string, GauModel> parts = new(StringComparer.Ordinal);
        for (int i = 0; i < units.Count; i++)
            foreach (string name in units[i].Matrices)
                parts[name] = models[options[i]];
        return models[^1].With(name => parts.GetValueOrDefault(name, models[^1]), Attention);
    }

    private static int Index(StorageOption option) => StorageOption.OfMatrices.ToList().IndexOf(option);

    private StorageOption OptionOf(string name)
    {
        int index = units.ToList().FindIndex(unit => unit.Name == name);
        return units[index].Options[options[index]];
    }
}
