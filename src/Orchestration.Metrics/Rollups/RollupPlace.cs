namespace Orchestration.Metrics.Rollups;

/// <summary>Where a row counts: makes the keys of the rollup rows that it belongs to.</summary>
internal sealed class RollupPlace
{
    private readonly string _tenant;
    private readonly string _currency;
    private readonly string _simulated;
    private readonly string _project;
    private readonly string _key;
    private readonly string _provider;
    private readonly string _model;
    private readonly string _route;
    private readonly string _class;
    private readonly string _purpose;

    public RollupPlace(RowDimensions row, string provider, string model)
    {
        StartedAt = row.StartedAt;
        _tenant = row.TenantId;
        _currency = row.Currency;
        _simulated = RollupKey.Flag(row.Simulated);
        _project = RollupText.Fit(row.ProjectId);
        _key = RollupText.Fit(row.KeyId);
        _provider = RollupText.Fit(provider);
        _model = RollupText.Fit(model);
        _route = RollupText.Fit(row.Route);
        _class = RollupText.Fit(row.RequestClass);
        _purpose = RollupText.Fit(row.Purpose);
        ProviderSlices = [new(SliceDimension.Provider, _provider), new(SliceDimension.Model, _model, _provider)];
        RequestSlices =
        [
            new(SliceDimension.Total, ""),
            new(SliceDimension.Project, _project),
            new(SliceDimension.Key, _key),
            new(SliceDimension.Route, _route),
            new(SliceDimension.RequestClass, _class),
        ];
        Slices = [.. RequestSlices, .. ProviderSlices, new(SliceDimension.Purpose, _purpose), new(SliceDimension.ProjectModel, _project, $"{_provider}{RollupText.Joint}{_model}")];
        DaySlices = DaySlicesOf(row);
    }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Slices of every grain.</summary>
    public IReadOnlyList<SliceName> Slices { get; }

    /// <summary>Slices that are kept by day and month only.</summary>
    public IReadOnlyList<SliceName> DaySlices { get; }

    /// <summary>Slices whose latency is that of requests.</summary>
    public IReadOnlyList<SliceName> RequestSlices { get; }

    /// <summary>Slices whose latency is that of attempts.</summary>
    public IReadOnlyList<SliceName> ProviderSlices { get; }

    public string Slice(SliceName slice, string grain, DateTimeOffset bucket) =>
        RollupKey.Of(_tenant, slice.Dimension, grain, RollupKey.Moment(bucket), slice.Value, slice.Detail, _currency, _simulated);

    public string Cell(DateTimeOffset bucket) =>
        RollupKey.Of(_tenant, RollupKey.Moment(bucket), _project, _key, _provider, _model, _route, _class, _purpose, _currency, _simulated);

    public string Failure(DateTimeOffset bucket, bool ofAttempts, string code) =>
        RollupKey.Of(_tenant, RollupKey.Moment(bucket), RollupKey.Flag(ofAttempts), RollupText.Code(code), _project, _key, _provider, _model, _simulated);

    public string Cost(DateTimeOffset bucket, string costCurrency) =>
        RollupKey.Of(_tenant, RollupKey.Moment(bucket), _provider, _model, costCurrency, _currency, _simulated);

    public string Sketch(SliceName slice, string grain, DateTimeOffset bucket, string measure) =>
        RollupKey.Of(_tenant, slice.Dimension, grain, RollupKey.Moment(bucket), slice.Value, slice.Detail, _simulated, measure);

    private static List<SliceName> DaySlicesOf(RowDimensions row)
    {
        // Two tags that are cut to the same text count as one.
        var slices = row.Tags.Select(tag => new SliceName(SliceDimension.Tag, RollupText.Fit(tag.Key), RollupText.Fit(tag.Value))).Distinct().ToList();
        if (row.EndUser.Length > 0)
            slices.Add(new SliceName(SliceDimension.EndUser, RollupText.Fit(row.EndUser)));
        return slices;
    }
}

/// <summary>A value of one dimension.</summary>
internal readonly record struct SliceName(string Dimension, string Value, string Detail = "");
