using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Budgets;

/// <summary>
/// The stream to the ledger over which this process gets, keeps and returns leases, for as long as it lives. While it is broken, leases are
/// spent from until they run out.
/// </summary>
internal sealed partial class LeaseClient(
    BudgetService.BudgetServiceClient budgets,
    InternalCalls calls,
    Outbox outbox,
    LeaseBook book,
    LeaseDemands demands,
    IOptions<BudgetOptions> options,
    TimeProvider timeProvider,
    ILogger<LeaseClient> logger) : BackgroundService
{
    private const int MostPerMessage = 1_000;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Of a ledger that did not answer, one request is asked for again after so long; the others do not wait for it.</summary>
    private static readonly TimeSpan SilencePause = TimeSpan.FromSeconds(1);

    private volatile TaskCompletionSource<ChannelWriter<LeaseRequest>> _link = NewLink();
    private Task _following = Task.CompletedTask;
    private long _lostAt = timeProvider.GetTimestamp();

    // When a demand was last asked in vain; 0 while the ledger answers.
    private long _silentAt;

    /// <summary>Sends a demand for a hold, and enters what is granted. Null when the ledger does not answer in time.</summary>
    /// <param name="hold">What is wanted.</param>
    /// <param name="canGoOn">True when the request can go on without an answer: then it does not wait long for one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LeaseResponse?> DemandAsync(BudgetHold hold, bool canGoOn, CancellationToken cancellationToken)
    {
        // Who comes later does not wait for a ledger that has been away for so long.
        if (!_link.Task.IsCompleted && timeProvider.GetElapsedTime(Volatile.Read(ref _lostAt)) > options.Value.DemandTimeout)
            return null;
        if (IsSilent())
            return null;
        using var deadline = new CancellationTokenSource(canGoOn && options.Value.DemandTimeout > ShortWait ? ShortWait : options.Value.DemandTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var link = await _link.Task.WaitAsync(either.Token);
            var (message, answer) = demands.Ask(hold);
            await link.WriteAsync(message, either.Token);
            return await answer.WaitAsync(either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Volatile.Write(ref _silentAt, timeProvider.GetTimestamp());
            return null;
        }
    }

    private bool IsSilent()
    {
        var since = Volatile.Read(ref _silentAt);
        return since != 0
            && (timeProvider.GetElapsedTime(since) < SilencePause || Interlocked.CompareExchange(ref _silentAt, timeProvider.GetTimestamp(), since) != since);
    }

    /// <summary>Asks for more before it is needed; nobody waits for it.</summary>
    public void AskAhead(BudgetHold hold)
    {
        if (_link.Task is { IsCompletedSuccessfully: true } link && demands.AskAhead(hold.Scope, hold.Amount) is { } demand && !link.Result.TryWrite(demand))
            demands.Drop(demand.Demand.Number);
    }

    /// <summary>Gives everything back that no request has a part of, since requests have ended before this.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_link.Task is { IsCompletedSuccessfully: true } link)
        {
            await GiveBackAsync(link.Result, TimeSpan.Zero);
            link.Result.TryComplete();
            await _following.WaitAsync(FarewellTime, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var welcomed = false;
            try
            {
                _following = FollowAsync(() => welcomed = true, stoppingToken);
                await _following;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Broken(logger, exception is RpcException rpc ? rpc.StatusCode.ToString() : exception.GetType().Name);
            }
            catch (Exception exception) when (exception is OperationCanceledException or RpcException)
            {
                return;
            }

            pause = welcomed ? ShortestPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Action welcomed, CancellationToken stoppingToken)
    {
        // Without it the ledger could not tell this process from one that held the slot before.
        while (outbox.FirstSequence is null)
            await Task.Delay(ShortestPause, timeProvider, stoppingToken);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var call = budgets.Lease(calls.ForSubscription("system", ended.Token));
        var hello = new LeaseHello { Instance = outbox.Instance, FirstSequence = outbox.FirstSequence.Value };
        await call.RequestStream.WriteAsync(new LeaseRequest { Hello = hello }, ended.Token);
        if (!await call.ResponseStream.MoveNext(ended.Token) || call.ResponseStream.Current.Welcome is not { } welcome)
            return;

        welcomed();
        Log.Welcomed(logger, outbox.Instance);
        var outgoing = Channel.CreateUnbounded<LeaseRequest>(new UnboundedChannelOptions { SingleReader = true });
        // What changed while nobody listened is not known.
        book.Forget("");
        Renew(outgoing.Writer);
        _link.TrySetResult(outgoing.Writer);
        try
        {
            var writing = WriteAsync(call.RequestStream, outgoing.Reader, ended.Token);
            var keeping = KeepAsync(welcome.LeaseDuration.ToTimeSpan() / 3, outgoing.Writer, ended.Token);
            await await Task.WhenAny(ReadAsync(call.ResponseStream, outgoing.Writer, ended.Token), FailedAsync(writing), FailedAsync(keeping));
        }
        finally
        {
            Volatile.Write(ref _lostAt, timeProvider.GetTimestamp());
            _link = NewLink();
            outgoing.Writer.TryComplete();
            demands.Lost();
            await ended.CancelAsync();
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<LeaseResponse> responses, ChannelWriter<LeaseRequest> outgoing, CancellationToken cancellationToken)
    {
        await foreach (var response in responses.ReadAllAsync(cancellationToken))
        {
            switch (response.MessageCase)
            {
                case LeaseResponse.MessageOneofCase.Recall:
                    var idle = new LeaseReturn { RecallNumber = response.Recall.Number };
                    idle.Amounts.AddRange(book.TakeIdle(Guid.Parse(response.Recall.BudgetId)));
                    outgoing.TryWrite(new LeaseRequest { Return = idle });
                    break;
                case LeaseResponse.MessageOneofCase.Changed:
                    book.Forget(response.Changed.TenantId);
                    break;
                default:
                    Volatile.Write(ref _silentAt, 0);
                    demands.Answered(response);
                    break;
            }
        }
    }

    private static async Task WriteAsync(IClientStreamWriter<LeaseRequest> stream, ChannelReader<LeaseRequest> outgoing, CancellationToken cancellationToken)
    {
        await foreach (var message in outgoing.ReadAllAsync(cancellationToken))
            await stream.WriteAsync(message, cancellationToken);
        await stream.CompleteAsync();
    }

    private async Task KeepAsync(TimeSpan interval, ChannelWriter<LeaseRequest> outgoing, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(interval, timeProvider, cancellationToken);
            await GiveBackAsync(outgoing, options.Value.IdleAfter);
            Renew(outgoing);
        }
    }

    private void Renew(ChannelWriter<LeaseRequest> outgoing)
    {
        foreach (var leases in book.Held().Chunk(MostPerMessage))
            outgoing.TryWrite(demands.Renew(leases));
    }

    private async Task GiveBackAsync(ChannelWriter<LeaseRequest> outgoing, TimeSpan unusedFor)
    {
        var idle = book.RemoveIdle(unusedFor);
        if (idle.Count == 0)
            return;
        // After the removal: nothing that is appended from here on tells of them.
        var through = await outbox.LastSequenceAsync();
        foreach (var leases in idle.Chunk(MostPerMessage))
        {
            // What is free need not wait for the events of the rest.
            var free = new LeaseReturn();
            free.Amounts.AddRange(leases.Where(lease => lease.Free > 0).Select(lease => lease.ReturnFree()));
            outgoing.TryWrite(new LeaseRequest { Return = free });
            var release = new LeaseRelease { ThroughSequence = through };
            release.LeaseIds.AddRange(leases.Select(lease => lease.Id.ToString("D")));
            outgoing.TryWrite(new LeaseRequest { Release = release });
        }
    }

    /// <summary>Ends only with the failure of the work.</summary>
    private static async Task FailedAsync(Task work)
    {
        await work;
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    private static TaskCompletionSource<ChannelWriter<LeaseRequest>> NewLink() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The ledger leases budgets to {Instance}")]
        public static partial void Welcomed(ILogger logger, string instance);

        [LoggerMessage(LogLevel.Warning, "The stream of budget leases broke ({Cause}); leases are spent from until they run out")]
        public static partial void Broken(ILogger logger, string cause);
    }
}
