using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>
/// Recalls, since the streams of holders may end at another replica of this service, and changes of budgets. What replicas tell each other goes
/// through the database; a signal that is lost costs a wait, never an amount.
/// </summary>
internal sealed partial class BudgetSignals(
    NpgsqlDataSource dataSource, TimeProvider timeProvider, IOptions<BudgetOptions> options, ILogger<BudgetSignals> logger) : BackgroundService
{
    private const string Channel = "orchestration_budgets";
    private const int IdLength = 36;
    private const char Recall = 'r';
    private const char Answered = 'a';
    private const char Changed = 'c';
    private const int ReplicaShift = 32;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LeaseStream, bool> _streams = new();
    private readonly ConcurrentDictionary<long, OpenRecall> _open = new();

    // The upper half of a recall's number says which replica waits for its answers.
    private readonly long _replica = (long)Random.Shared.Next(1, int.MaxValue) << ReplicaShift;
    private int _recalls;

    public void Register(LeaseStream stream) => _streams.TryAdd(stream, true);

    public void Unregister(LeaseStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>Asks holders for what they have idle on a budget. Ends when all have answered and their answers are in the books, or time is over.</summary>
    public async Task RecallAsync(Guid budgetId, IReadOnlySet<Holder> holders)
    {
        var number = _replica | (uint)Interlocked.Increment(ref _recalls);
        var recall = new OpenRecall(holders);
        _open[number] = recall;
        using var deadline = new CancellationTokenSource(options.Value.RecallTime, timeProvider);
        try
        {
            Tell(number, budgetId);
            if (holders.Any(holder => _streams.Keys.All(stream => stream.Holder != holder)))
                await TellAsync(string.Create(CultureInfo.InvariantCulture, $"{Recall}{budgetId:D}{number}"), deadline.Token);
            await recall.Ended.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Somebody is dead or very slow; the others have answered.
        }
        finally
        {
            _open.TryRemove(number, out _);
        }
    }

    /// <summary>A holder has answered a recall.</summary>
    public Task AnsweredAsync(long number, Holder holder, CancellationToken cancellationToken)
    {
        if (IsOwn(number))
        {
            Hear(number, holder);
            return Task.CompletedTask;
        }

        return TellAsync(string.Create(CultureInfo.InvariantCulture, $"{Answered}{number} {holder.FirstSequence} {holder.Instance}"), cancellationToken);
    }

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

    private bool IsOwn(long number) => number >> ReplicaShift << ReplicaShift == _replica;

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
            // Replicas of an older version give no number: nobody there waits for answers.
            case [Recall, .. var rest] when rest.Length >= IdLength && Guid.TryParseExact(rest[..IdLength], "D", out var budgetId):
                var number = long.TryParse(rest.AsSpan(IdLength), CultureInfo.InvariantCulture, out var told) ? told : 0;
                if (number == 0 || !IsOwn(number))
                    Tell(number, budgetId);
                break;
            case [Answered, .. var answer] when answer.Split(' ', 3) is [var which, var sequence, var instance]:
                Hear(long.Parse(which, CultureInfo.InvariantCulture), new Holder(instance, long.Parse(sequence, CultureInfo.InvariantCulture)));
                break;
            case [Changed, .. var tenantId]:
                Tell(new LeaseResponse { Changed = new BudgetsChanged { TenantId = tenantId } });
                break;
        }
    }

    private void Hear(long number, Holder holder)
    {
        if (_open.TryGetValue(number, out var recall))
            recall.Answer(holder);
    }

    private void Tell(long number, Guid budgetId) =>
        Tell(new LeaseResponse { Recall = new LeaseRecall { Number = number, BudgetId = budgetId.ToString("D") } });

    private void Tell(LeaseResponse response)
    {
        foreach (var stream in _streams.Keys)
            stream.Tell(response);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Signals of other replicas about budgets are not heard")]
        public static partial void Deaf(ILogger logger, Exception exception);
    }
}

/// <summary>A recall that not all have answered.</summary>
internal sealed class OpenRecall(IEnumerable<Holder> holders)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Holder> _silent = [.. holders];

    public Task Ended => _ended.Task;

    public void Answer(Holder holder)
    {
        lock (_silent)
        {
            _silent.Remove(holder);
            if (_silent.Count == 0)
                _ended.TrySetResult();
        }
    }
}
