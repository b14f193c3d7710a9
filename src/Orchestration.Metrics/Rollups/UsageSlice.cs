namespace Orchestration.Metrics.Rollups;

/// <summary>A row of <c>usage_slices</c>: one tenant's usage by a single dimension.</summary>
internal sealed class UsageSlice : UsageMeasures
{
    public string TenantId { get; init; } = "";

    /// <summary>One of <see cref="SliceDimension"/>.</summary>
    public string Dimension { get; init; } = "";

    /// <summary>One of <see cref="SliceGrain"/>.</summary>
    public string Grain { get; init; } = "";

    /// <summary>Start of the quarter of an hour, or of the day of UTC, in which the requests began.</summary>
    public DateTimeOffset Bucket { get; init; }

    /// <summary>Value of the dimension; empty for the total.</summary>
    public string Value { get; init; } = "";

    /// <summary>The provider of a model, the value of a tag, the provider and model of a project; otherwise empty.</summary>
    public string Detail { get; init; } = "";
    public string Currency { get; init; } = "";
    public bool Simulated { get; init; }
}

/// <summary>Dimensions of <see cref="UsageSlice"/> and <see cref="LatencySketch"/>.</summary>
internal static class SliceDimension
{
    public const string Total = "total";
    public const string Project = "project";
    public const string Key = "key";
    public const string Provider = "provider";
    public const string Model = "model";
    public const string Route = "route";
    public const string RequestClass = "class";
    public const string Purpose = "purpose";

    /// <summary>Project in <c>value</c>, provider and model in <c>detail</c>, parted by <see cref="RollupText.Joint"/>.</summary>
    public const string ProjectModel = "project_model";

    /// <summary>Kept by day and month only.</summary>
    public const string EndUser = "end_user";

    /// <summary>Kept by day and month only: name in <c>value</c>, value in <c>detail</c>. A request counts once under each of its tags.</summary>
    public const string Tag = "tag";

    /// <summary>Kept by day only: what reached a closed month after its closing. It stands in no other slice, and in adjustment lines.</summary>
    public const string Late = "late";
}

/// <summary>Widths of a bucket.</summary>
internal static class SliceGrain
{
    /// <summary>15 minutes: every zone on earth begins its days on one of these.</summary>
    public const string Quarter = "quarter";

    /// <summary>One hour of UTC; sketches only.</summary>
    public const string Hour = "hour";

    /// <summary>One day of UTC.</summary>
    public const string Day = "day";

    /// <summary>One month of UTC; end users and tags only, of which there may be more than requests on a day.</summary>
    public const string Month = "month";
}
