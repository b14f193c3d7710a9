using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Planning;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// Lets requests that a limit of their own refuses wait for room, where the policy of their route says so. They wait in the order in which they
/// came, each key and end user in a line of its own, since what holds one up says nothing about the others.
/// </summary>
internal sealed class LimitQueue(LimitGate limits, CurrentRouteTable routes, RunningRequests running, TimeProvider timeProvider)
{
    /// <summary>Nobody says when a request ends: places are looked for this often.</summary>
    private static readonly TimeSpan LookForPlace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Line, LinkedList<TaskCompletionSource>> _lines = [];
    private readonly Dictionary<(string Tenant, string Route), int> _waiting = [];

    /// <summary>Requests that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Values.Sum();
        }
    }

    /// <summary>Takes what a request needs of its limits, after a wait where there may be one.</summary>
    public async ValueTask<LimitOutcome> TakeAsync(
        string id, PlanningRequest request, string endUser, IReadOnlyList<LimitRule> ownRules, CancellationToken cancellationToken)
    {
        ValueTask<LimitOutcome> TryAsync() => limits.TakeAsync(id, request, endUser, ownRules);
        if (routes.Snapshot is not { } snapshot || Planner.FindRoute(snapshot, request) is not { Route: { Queue: { } rules, Name: var route } })
            return await TryAsync();
        var line = new Line(request.Caller.TenantId, route, request.Caller.KeyId, endUser);
        // Who comes while others wait has its turn after them.
        var outcome = IsWaitedFor(line) ? null : await TryAsync();
        if (outcome is not null && WaitOf(outcome) is null)
            return outcome;
        if (Enter(line, rules.Waiting) is not { } place)
            return outcome ?? await TryAsync();
        try
        {
            var until = timeProvider.GetTimestamp() + Ticks(LongestOf(rules, request));
            return await WaitAsync(place, outcome, () => Left(until), TryAsync, cancellationToken);
        }
        finally
        {
            Leave(line, place);
        }
    }

    private async Task<LimitOutcome> WaitAsync(
        LinkedListNode<TaskCompletionSource> place, LimitOutcome? outcome, Func<TimeSpan> left, Func<ValueTask<LimitOutcome>> tryAsync, CancellationToken cancellationToken)
    {
        try
        {
            await place.Value.Task.WaitAsync(left(), timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            return outcome ?? await tryAsync();
        }

        outcome ??= await tryAsync();
        while (WaitOf(outcome) is { } wait && wait <= left() && !running.IsStopping)
        {
            await Task.Delay(wait < LongestSleep ? wait : LongestSleep, timeProvider, cancellationToken);
            outcome = await tryAsync();
        }

        return outcome;
    }

    /// <summary>When it may be asked again; null when it need not be, or never can be let in.</summary>
    private static TimeSpan? WaitOf(LimitOutcome outcome) => outcome.Refusal switch
    {
        { FailureClass: FailureClass.RateLimited, Code: LimitFailures.ConcurrencyCode, Retryable: true } => LookForPlace,
        { FailureClass: FailureClass.RateLimited, RetryAfter: { } wait, Retryable: true } => wait.ToTimeSpan(),
        _ => null,
    };

    private static TimeSpan LongestOf(QueueRules rules, PlanningRequest request)
    {
        var longest = rules.Longest.ToTimeSpan();
        return request.Hints?.Deadline?.ToTimeSpan() is { } deadline && deadline < longest ? deadline : longest;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    private TimeSpan Left(long until) => timeProvider.GetTimestamp() is var now && now < until ? timeProvider.GetElapsedTime(now, until) : TimeSpan.Zero;

    private bool IsWaitedFor(Line line)
    {
        lock (_gate)
            return _lines.ContainsKey(line);
    }

    /// <summary>A place at the end of a line; null when as many of the tenant wait for the route as may.</summary>
    private LinkedListNode<TaskCompletionSource>? Enter(Line line, int most)
    {
        lock (_gate)
        {
            var waiting = _waiting.GetValueOrDefault((line.Tenant, line.Route));
            if (waiting >= most)
                return null;
            _waiting[(line.Tenant, line.Route)] = waiting + 1;
            if (!_lines.TryGetValue(line, out var places))
                _lines.Add(line, places = new LinkedList<TaskCompletionSource>());
            var place = places.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            places.First!.Value.TrySetResult();
            return place;
        }
    }

    private void Leave(Line line, LinkedListNode<TaskCompletionSource> place)
    {
        lock (_gate)
        {
            var places = _lines[line];
            places.Remove(place);
            if (places.First is { } next)
                next.Value.TrySetResult();
            else
                _lines.Remove(line);
            if (--_waiting[(line.Tenant, line.Route)] == 0)
                _waiting.Remove((line.Tenant, line.Route));
        }
    }

    private readonly record struct Line(string Tenant, string Route, string Key, string EndUser);
}
