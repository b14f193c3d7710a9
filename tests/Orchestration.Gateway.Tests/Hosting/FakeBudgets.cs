using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>The ledger's side of budgets: no budget applies unless a test says what a demand is answered by.</summary>
internal sealed class FakeBudgets : BudgetService.BudgetServiceBase
{
    private readonly ConcurrentDictionary<Channel<LeaseResponse>, byte> _streams = new();

    /// <summary>What a demand is answered by; null means that it gets no answer.</summary>
    public Func<LeaseDemand, LeaseResponse?> Meet { get; set; } =
        demand => new LeaseResponse { Grant = new LeaseGrant { Number = demand.Number } };

    /// <summary>Everything that gateways said.</summary>
    public ConcurrentQueue<LeaseRequest> Heard { get; } = new();

    public override Task<Budget> CreateBudget(CreateBudgetRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return request.TenantId.Length > 0
            ? Task.FromResult(new Budget { TenantId = request.TenantId, Name = request.Name })
            : throw FakeLedgerSteering.Refusal("invalid_tenant_id", FailureClass.InvalidRequest);
    }

    /// <summary>Tells every gateway that listens.</summary>
    public void Tell(LeaseResponse response)
    {
        foreach (var stream in _streams.Keys)
            stream.Writer.TryWrite(response);
    }

    public override async Task Lease(IAsyncStreamReader<LeaseRequest> requestStream, IServerStreamWriter<LeaseResponse> responseStream, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        var outgoing = Channel.CreateUnbounded<LeaseResponse>();
        outgoing.Writer.TryWrite(new LeaseResponse { Welcome = new LeaseWelcome { LeaseDuration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(30)) } });
        _streams.TryAdd(outgoing, 0);
        var writing = WriteAsync(outgoing.Reader, responseStream, context.CancellationToken);
        try
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                Heard.Enqueue(request);
                if (request.Demand is { } demand && Meet(demand) is { } answer)
                    outgoing.Writer.TryWrite(answer);
            }
        }
        finally
        {
            _streams.TryRemove(outgoing, out _);
            outgoing.Writer.TryComplete();
        }

        await writing;
    }

    private static async Task WriteAsync(ChannelReader<LeaseResponse> outgoing, IServerStreamWriter<LeaseResponse> stream, CancellationToken cancellationToken)
    {
        await foreach (var response in outgoing.ReadAllAsync(cancellationToken))
            await stream.WriteAsync(response, cancellationToken);
    }
}
