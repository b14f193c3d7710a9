using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>
/// Demands of a tenant wait in one line and are decided together: however many gateways and requests ask, one connection at a time holds the
/// tenant's accounts for them.
/// </summary>
internal sealed class DemandLines(LeaseGranting granting)
{
    private const int MostTogether = 200;
    private const int MostTries = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = [];

    public Task<DemandOutcome> GrantAsync(HolderDemand asked, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(asked, cancellationToken);
        lock (_gate)
        {
            var line = LineOf(asked.Demand.TenantId);
            line.Demands.Enqueue(waiting);
            if (!line.IsServed)
            {
                line.IsServed = true;
                _ = Task.Run(() => ServeAsync(asked.Demand.TenantId, line), CancellationToken.None);
            }
        }

        return waiting.Outcome.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Until the end of it, the tenant's money is handed out for need only.</summary>
    public IDisposable BeginWait(string tenantId)
    {
        lock (_gate)
            LineOf(tenantId).InNeed++;
        return new Wait(this, tenantId);
    }

    private Line LineOf(string tenantId)
    {
        if (!_lines.TryGetValue(tenantId, out var line))
            _lines.Add(tenantId, line = new Line());
        return line;
    }

    private async Task ServeAsync(string tenantId, Line line)
    {
        while (Next(tenantId, line, out var needOnly) is { Count: > 0 } together)
        {
            try
            {
                var outcomes = await GrantAsync(together, needOnly);
                for (var index = 0; index < together.Count; index++)
                    together[index].Outcome.TrySetResult(outcomes[index]);
            }
            catch (Exception exception)
            {
                together.ForEach(waiting => waiting.Outcome.TrySetException(exception));
            }
        }
    }

    private async Task<IReadOnlyList<DemandOutcome>> GrantAsync(List<Waiting> together, bool needOnly)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await granting.GrantAsync([.. together.Select(waiting => waiting.Asked)], needOnly, CancellationToken.None);
            }
            catch (Exception exception) when (DatabaseFaults.IsCollision(exception) && tries < MostTries)
            {
                // It was rolled back as a whole.
            }
        }
    }

    private List<Waiting> Next(string tenantId, Line line, out bool needOnly)
    {
        List<Waiting> together = [];
        lock (_gate)
        {
            while (together.Count < MostTogether && line.Demands.TryDequeue(out var waiting))
            {
                // What is granted to a stream that is gone would be idle in nobody's hands.
                if (!waiting.CancellationToken.IsCancellationRequested)
                    together.Add(waiting);
            }

            line.IsServed = together.Count > 0;
            needOnly = line.InNeed > 0;
            RemoveUnused(tenantId, line);
        }

        return together;
    }

    private void EndWait(string tenantId)
    {
        lock (_gate)
        {
            var line = _lines[tenantId];
            line.InNeed--;
            RemoveUnused(tenantId, line);
        }
    }

    private void RemoveUnused(string tenantId, Line line)
    {
        if (line is { IsServed: false, InNeed: 0 })
            _lines.Remove(tenantId);
    }

    private sealed class Line
    {
        public Queue<Waiting> Demands { get; } = new();

        public bool IsServed { get; set; }

        public int InNeed { get; set; }
    }

    private sealed record Waiting(HolderDemand Asked, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<DemandOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Wait(DemandLines lines, string tenantId) : IDisposable
    {
        public void Dispose() => lines.EndWait(tenantId);
    }
}
