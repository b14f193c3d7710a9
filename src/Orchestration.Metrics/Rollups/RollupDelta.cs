using Npgsql;

namespace Orchestration.Metrics.Rollups;

/// <summary>What a transaction changes in the rollups: what its rows count now, less what they counted before.</summary>
internal sealed class RollupDelta
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Dictionary<string, RollupRow> _slices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RollupRow> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RollupRow> _failures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RollupRow> _costs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, long>> _sketches = new(StringComparer.Ordinal);

    /// <summary>Counts a request as it stands after the change, and no longer as it stood before.</summary>
    public void Change(RequestFacts? before, RequestFacts after)
    {
        Count(before, -1);
        Count(after, 1);
    }

    /// <summary>As <see cref="Change(RequestFacts?, RequestFacts)"/>, for an attempt.</summary>
    public void Change(AttemptFacts? before, AttemptFacts after)
    {
        Count(before, -1);
        Count(after, 1);
    }

    /// <summary>Notes by how much a request moved whose month is closed, and leaves the figures of the month alone.</summary>
    public void Hold(RequestFacts? before, RequestFacts after)
    {
        foreach (var (request, sign) in new[] { (before, -1), (after, 1) })
        {
            if (request?.Settlement is not null)
                AddLate(new RollupPlace(request.Dimensions, request.Provider, request.Model), sign, RollupTables.CountsOf(request), RollupTables.AmountsOf(request));
        }
    }

    /// <summary>As <see cref="Hold(RequestFacts?, RequestFacts)"/>, for an attempt.</summary>
    public void Hold(AttemptFacts? before, AttemptFacts after)
    {
        foreach (var (attempt, sign) in new[] { (before, -1), (after, 1) })
        {
            if (attempt?.Settlement is not null)
                AddLate(new RollupPlace(attempt.Dimensions, attempt.Provider, attempt.Model), sign, RollupTables.CountsOf(attempt), RollupTables.AmountsOf(attempt));
        }
    }

    /// <summary>Adds the difference to the stored sums. Comes last in its transaction: from here on others wait for hot rows.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        RollupTables.Slices.AddTo(batch, _slices);
        RollupTables.Cells.AddTo(batch, _cells);
        RollupTables.Failures.AddTo(batch, _failures);
        RollupTables.ProviderCosts.AddTo(batch, _costs);
        SketchTable.AddTo(batch, _sketches);
        if (batch.BatchCommands.Count == 0)
            return;

        await batch.PrepareAsync(cancellationToken);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Count(RequestFacts? request, int sign)
    {
        if (request?.Settlement is null)
            return;

        var place = new RollupPlace(request.Dimensions, request.Provider, request.Model);
        var (counts, amounts) = (RollupTables.CountsOf(request), RollupTables.AmountsOf(request));
        AddUsage(place, sign, counts, amounts);
        if (!request.Succeeded)
            Row(_failures, RollupTables.Failures, place.Failure(Floor(place, Quarter), ofAttempts: false, request.Status)).Add(sign, [1], []);
        else if (request.CompletedAt is { } completed)
            AddLatency(place, place.RequestSlices, sign, (completed - request.Dimensions.StartedAt).TotalMilliseconds, request.FirstTokenMs);
    }

    private void Count(AttemptFacts? attempt, int sign)
    {
        if (attempt?.Settlement is null)
            return;

        var place = new RollupPlace(attempt.Dimensions, attempt.Provider, attempt.Model);
        var (counts, amounts) = (RollupTables.CountsOf(attempt), RollupTables.AmountsOf(attempt));
        AddUsage(place, sign, counts, amounts);
        Row(_costs, RollupTables.ProviderCosts, place.Cost(Floor(place, Quarter), attempt.CostCurrency)).Add(sign, [1], [attempt.Cost, attempt.Billed]);
        if (!attempt.Succeeded)
            Row(_failures, RollupTables.Failures, place.Failure(Floor(place, Quarter), ofAttempts: true, attempt.FailureCode.Length > 0 ? attempt.FailureCode : attempt.Outcome)).Add(sign, [1], []);
        else
            AddLatency(place, place.ProviderSlices, sign, attempt.DurationMs, attempt.FirstTokenMs);
    }

    private void AddLate(RollupPlace place, int sign, long[] counts, decimal[] amounts) =>
        Row(_slices, RollupTables.Slices, place.Slice(new SliceName(SliceDimension.Late, ""), SliceGrain.Day, Floor(place, Day))).Add(sign, counts, amounts);

    private void AddUsage(RollupPlace place, int sign, long[] counts, decimal[] amounts)
    {
        Row(_cells, RollupTables.Cells, place.Cell(Floor(place, Quarter))).Add(sign, counts, amounts);
        foreach (var slice in place.Slices)
        {
            Row(_slices, RollupTables.Slices, place.Slice(slice, SliceGrain.Quarter, Floor(place, Quarter))).Add(sign, counts, amounts);
            Row(_slices, RollupTables.Slices, place.Slice(slice, SliceGrain.Day, Floor(place, Day))).Add(sign, counts, amounts);
        }

        foreach (var slice in place.DaySlices)
        {
            Row(_slices, RollupTables.Slices, place.Slice(slice, SliceGrain.Day, Floor(place, Day))).Add(sign, counts, amounts);
            Row(_slices, RollupTables.Slices, place.Slice(slice, SliceGrain.Month, FloorMonth(place))).Add(sign, counts, amounts);
        }
    }

    private void AddLatency(RollupPlace place, IEnumerable<SliceName> slices, int sign, double? durationMs, double? firstTokenMs)
    {
        foreach (var slice in slices)
        {
            AddStep(place, slice, LatencyMeasure.Duration, sign, durationMs);
            AddStep(place, slice, LatencyMeasure.FirstToken, sign, firstTokenMs);
        }
    }

    private void AddStep(RollupPlace place, SliceName slice, string measure, int sign, double? milliseconds)
    {
        if (milliseconds is not { } value)
            return;

        var step = LatencySteps.Of(value);
        foreach (var (grain, width) in new[] { (SliceGrain.Hour, Hour), (SliceGrain.Day, Day) })
        {
            var key = place.Sketch(slice, grain, Floor(place, width), measure);
            if (!_sketches.TryGetValue(key, out var sketch))
                _sketches[key] = sketch = [];
            sketch[step] = sketch.GetValueOrDefault(step) + sign;
        }
    }

    private static RollupRow Row(Dictionary<string, RollupRow> rows, RollupTable table, string key) =>
        rows.TryGetValue(key, out var row) ? row : rows[key] = table.NewRow();

    private static DateTimeOffset FloorMonth(RollupPlace place) => new(place.StartedAt.UtcDateTime.Year, place.StartedAt.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset Floor(RollupPlace place, TimeSpan width)
    {
        var ticks = place.StartedAt.UtcTicks;
        return new DateTimeOffset(ticks - ticks % width.Ticks, TimeSpan.Zero);
    }
}
