using System.Collections.Concurrent;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>
/// What the replicas of this service tell each other through the database: recalls, since a holder's stream may end at another replica,
/// returns, and changes of budgets. A signal that is lost costs a wait, never an amount.
/// </summary>
internal sealed partial class BudgetSignals(NpgsqlDataSource dataSource, TimeProvider timeProvider, ILogger<BudgetSignals> logger) : BackgroundService
{
    private const string Channel = "orchestration_budgets";
    private const char Recall = 'r';
    private const char Returned = 'b';
    private const char Changed = 'c';

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LeaseStream, bool> _streams = new();
    private readonly ConcurrentDictionary<Guid, long> _recalled = new();
    private TaskCompletionSource _return = NewPulse();
    private long _recallNumber;

    /// <summary>Ends when any holder has returned something.</summary>
    public Task NextReturn => Volatile.Read(ref _return).Task;

    public void Register(LeaseStream stream) => _streams.TryAdd(stream, true);

    public void Unregister(LeaseStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>Asks every other holder for what it has idle on a budget, unless that was asked a moment ago.</summary>
    public async Task RecallAsync(Guid budgetId, Holder asker, TimeSpan notWithin, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetTimestamp();
        var last = _recalled.GetOrAdd(budgetId, long.MinValue);
        if (last != long.MinValue && timeProvider.GetElapsedTime(last, now) < notWithin || !_recalled.TryUpdate(budgetId, now, last))
            return;

        await TellAsync($"{Recall}{budgetId:D}{asker.Instance}", cancellationToken);
    }

    public Task TellReturnedAsync(Guid budgetId, CancellationToken cancellationToken) => TellAsync($"{Returned}{budgetId:D}", cancellationToken);

    public Task TellChangedAsync(string tenantId, CancellationToken cancellationToken) => TellAsync(Changed + tenantId, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Deaf(logger, exception);
                await Task.Delay(RetryInterval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TellAsync(string signal, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await connection.Command("SELECT pg_notify($1, $2)", Channel, signal).ExecuteAsync(cancellationToken);
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, told) => Hear(told.Payload);
        await connection.Command($"LISTEN {Channel}").ExecuteAsync(cancellationToken);
        // Whatever was said meanwhile was not heard.
        Tell(new LeaseResponse { Changed = new BudgetsChanged() });
        while (!cancellationToken.IsCancellationRequested)
            await connection.WaitAsync(cancellationToken);
    }

    private void Hear(string signal)
    {
        switch (signal)
        {
            case [Recall, .. var rest] when rest.Length > 36:
                var recall = new LeaseRecall { Number = Interlocked.Increment(ref _recallNumber), BudgetId = rest[..36] };
                Tell(new LeaseResponse { Recall = recall }, except: rest[36..]);
                break;
            case [Returned, ..]:
                Interlocked.Exchange(ref _return, NewPulse()).TrySetResult();
                break;
            case [Changed, .. var tenantId]:
                Tell(new LeaseResponse { Changed = new BudgetsChanged { TenantId = tenantId } });
                break;
        }
    }

    private void Tell(LeaseResponse response, string except = "")
    {
        foreach (var stream in _streams.Keys.Where(stream => stream.Holder.Instance != except))
            stream.Tell(response);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Signals of other replicas about budgets are not heard")]
        public static partial void Deaf(ILogger logger, Exception exception);
    }
}
