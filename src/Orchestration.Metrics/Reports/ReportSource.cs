using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reports;

/// <summary>The rollup that answers a question with the fewest rows.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Slice">Dimension of the slices; null for a table that holds all dimensions at once.</param>
/// <param name="Columns">Where each dimension stands, in SQL.</param>
internal sealed record ReportSource(string Table, string? Slice, IReadOnlyDictionary<ReportDimension, string> Columns)
{
    private const string Slices = "usage_slices";

    /// <summary>Usage by everything at once, but end user and tag.</summary>
    private static readonly ReportSource Cells = new("usage_cells", null, new Dictionary<ReportDimension, string>
    {
        [ReportDimension.Project] = "stored.project_id",
        [ReportDimension.Key] = "stored.key_id",
        [ReportDimension.Provider] = "stored.provider",
        [ReportDimension.Model] = "stored.model",
        [ReportDimension.Route] = "stored.route",
        [ReportDimension.RequestClass] = "stored.request_class",
        [ReportDimension.Purpose] = "stored.purpose",
    });

    private static readonly ReportSource Failing = new("usage_failures", null, new Dictionary<ReportDimension, string>
    {
        [ReportDimension.Project] = "stored.project_id",
        [ReportDimension.Key] = "stored.key_id",
        [ReportDimension.Provider] = "stored.provider",
        [ReportDimension.Model] = "stored.model",
    });

    private static readonly ReportSource Costs = new("provider_costs", null, new Dictionary<ReportDimension, string>
    {
        [ReportDimension.Provider] = "stored.provider",
        [ReportDimension.Model] = "stored.model",
    });

    /// <summary>The slices of one dimension; null when the dimensions cross in a way that slices do not know.</summary>
    private static ReportSource? SliceOf(IReadOnlySet<ReportDimension> dimensions, string table) => dimensions.Order().ToArray() switch
    {
        [] => One(table, SliceDimension.Total),
        [ReportDimension.Project] => One(table, SliceDimension.Project, ReportDimension.Project),
        [ReportDimension.Key] => One(table, SliceDimension.Key, ReportDimension.Key),
        [ReportDimension.EndUser] => One(table, SliceDimension.EndUser, ReportDimension.EndUser),
        [ReportDimension.Provider] => One(table, SliceDimension.Provider, ReportDimension.Provider),
        [ReportDimension.Model] => One(table, SliceDimension.Model, ReportDimension.Model),
        [ReportDimension.Route] => One(table, SliceDimension.Route, ReportDimension.Route),
        [ReportDimension.RequestClass] => One(table, SliceDimension.RequestClass, ReportDimension.RequestClass),
        [ReportDimension.Purpose] => One(table, SliceDimension.Purpose, ReportDimension.Purpose),
        [ReportDimension.Provider, ReportDimension.Model] => new ReportSource(table, SliceDimension.Model, new Dictionary<ReportDimension, string>
        {
            [ReportDimension.Model] = "stored.value",
            [ReportDimension.Provider] = "stored.detail",
        }),
        [ReportDimension.Project, ReportDimension.Provider] or [ReportDimension.Project, ReportDimension.Model]
            or [ReportDimension.Project, ReportDimension.Provider, ReportDimension.Model] => new ReportSource(table, SliceDimension.ProjectModel, new Dictionary<ReportDimension, string>
            {
                [ReportDimension.Project] = "stored.value",
                [ReportDimension.Provider] = $"split_part(stored.detail, '{RollupText.Joint}', 1)",
                [ReportDimension.Model] = $"split_part(stored.detail, '{RollupText.Joint}', 2)",
            }),
        [ReportDimension.Tag] => new ReportSource(table, SliceDimension.Tag, new Dictionary<ReportDimension, string> { [ReportDimension.Tag] = "stored.detail" }),
        _ => null,
    };

    /// <summary>Where usage is read; null when end users or tags are crossed.</summary>
    public static ReportSource? OfUsage(ReportQuestion question) =>
        SliceOf(question.Dimensions, Slices) ?? Covering(Cells, question);

    /// <summary>Where latency is read; null when it is not kept that way.</summary>
    public static ReportSource? OfLatency(ReportQuestion question) =>
        SliceOf(question.Dimensions, "latency_sketches") is { Slice: not (SliceDimension.Purpose or SliceDimension.EndUser or SliceDimension.Tag or SliceDimension.ProjectModel) } source
            ? source
            : null;

    /// <summary>Where failures are read; null when they are not kept that way.</summary>
    public static ReportSource? OfFailures(ReportQuestion question) => Covering(Failing, question);

    /// <summary>Where providers' costs are read; null when they are not kept that way.</summary>
    public static ReportSource? OfProviderCosts(ReportQuestion question) => Covering(Costs, question);

    private static ReportSource? Covering(ReportSource source, ReportQuestion question) =>
        question.Dimensions.All(source.Columns.ContainsKey) ? source : null;

    private static ReportSource One(string table, string slice, ReportDimension? dimension = null) =>
        new(table, slice, dimension is { } one ? new Dictionary<ReportDimension, string> { [one] = "stored.value" } : []);
}
