namespace Orchestration.Metrics.Reports;

/// <summary>What usage can be grouped and filtered by.</summary>
internal enum ReportDimension
{
    Tenant,
    Project,
    Key,
    EndUser,
    Provider,
    Model,
    Route,
    RequestClass,
    Purpose,
    Tag,
}

/// <summary>Names of dimensions as reports are asked for.</summary>
internal static class ReportDimensionNames
{
    private static readonly Dictionary<string, ReportDimension> ByName = new(StringComparer.Ordinal)
    {
        ["tenant"] = ReportDimension.Tenant,
        ["project"] = ReportDimension.Project,
        ["key"] = ReportDimension.Key,
        ["end_user"] = ReportDimension.EndUser,
        ["provider"] = ReportDimension.Provider,
        ["model"] = ReportDimension.Model,
        ["route"] = ReportDimension.Route,
        ["class"] = ReportDimension.RequestClass,
        ["purpose"] = ReportDimension.Purpose,
        ["tag"] = ReportDimension.Tag,
    };

    private static readonly Dictionary<ReportDimension, string> Names = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> All => ByName.Keys;

    public static bool TryRead(string name, out ReportDimension dimension) => ByName.TryGetValue(name, out dimension);

    public static string NameOf(ReportDimension dimension) => Names[dimension];
}
