using System.Threading.Channels;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;

namespace Orchestration.Metrics.Budgets.Leasing;

/// <summary>One gateway's stream: its messages are worked on as they come, and what it is told goes out in one line.</summary>
internal sealed class LeaseStream(Holder holder, LeaseDemands demands, LeaseKeeping keeping, BudgetSignals signals) : IDisposable
{
    // One that waits holds no connection, and the returns that it may wait for come behind it on the same stream.
    private const int MostDemands = 4_096;
    private const int MostWaiting = 4_096;

    private readonly SemaphoreSlim _gate = new(MostDemands);
    private readonly Channel<LeaseResponse> _outgoing = Channel.CreateBounded<LeaseResponse>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public Holder Holder { get; } = holder;

    public ChannelReader<LeaseResponse> Outgoing => _outgoing.Reader;

    /// <summary>Tells something that nobody waits for; to a holder that does not listen it is not told.</summary>
    public void Tell(LeaseResponse response) => _outgoing.Writer.TryWrite(response);

    /// <summary>Works until the holder has nothing more to say; what goes wrong ends the stream.</summary>
    public async Task ReadAsync(IAsyncEnumerable<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var request in requests.WithCancellation(cancellationToken))
                await HandleAsync(request, cancellationToken);
            for (var running = 0; running < MostDemands; running++)
                await _gate.WaitAsync(cancellationToken);
            _outgoing.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            _outgoing.Writer.TryComplete(exception);
        }
    }

    public void Dispose() => _outgoing.Writer.TryComplete();

    private async Task HandleAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        switch (request.MessageCase)
        {
            case LeaseRequest.MessageOneofCase.Demand:
                var demand = LeaseMessages.Read(request.Demand);
                await _gate.WaitAsync(cancellationToken);
                _ = MeetAsync(request.Demand.Number, demand, cancellationToken);
                break;
            case LeaseRequest.MessageOneofCase.Renewal:
                var renewed = await keeping.RenewAsync(Holder, LeaseMessages.ReadIds(request.Renewal.LeaseIds), cancellationToken);
                await _outgoing.Writer.WriteAsync(LeaseMessages.Renewed(request.Renewal.Number, renewed), cancellationToken);
                break;
            case LeaseRequest.MessageOneofCase.Return:
                await keeping.ReturnAsync(Holder, LeaseMessages.Read(request.Return), cancellationToken);
                if (request.Return.RecallNumber != 0)
                    await signals.AnsweredAsync(request.Return.RecallNumber, Holder, cancellationToken);
                break;
            case LeaseRequest.MessageOneofCase.Release:
                var ids = LeaseMessages.ReadIds(request.Release.LeaseIds);
                await keeping.ReleaseAsync(Holder, ids, request.Release.ThroughSequence, cancellationToken);
                break;
            default:
                throw LeaseMessages.Invalid("message", "A message is a demand, a renewal, a return or a release.");
        }
    }

    private async Task MeetAsync(long number, Demand demand, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await demands.MeetAsync(Holder, demand, cancellationToken);
            await _outgoing.Writer.WriteAsync(LeaseMessages.Answer(number, outcome), cancellationToken);
        }
        catch (Exception exception)
        {
            _outgoing.Writer.TryComplete(exception);
        }
        finally
        {
            _gate.Release();
        }
    }
}
