using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Budgets.Accounts;
using Orchestration.Metrics.Budgets.Leasing;
using Orchestration.Metrics.Querying;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Budgets.Steering;

/// <summary>Budgets as the gateway asks for them.</summary>
internal sealed class BudgetGrpcService(
    BudgetStore budgets, LeaseKeeping keeping, LeaseDemands demands, BudgetSignals signals, IOptions<BudgetOptions> options, IHostApplicationLifetime lifetime)
    : BudgetService.BudgetServiceBase
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 200;
    private const int LongestInstance = 100;

    public override async Task<Budget> CreateBudget(CreateBudgetRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return BudgetMapping.ToProto(await budgets.CreateAsync(request, context.CancellationToken));
    }

    public override async Task<Budget> GetBudget(GetBudgetRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return BudgetMapping.ToProto(await budgets.FindAsync(ReadId(request.Id), context.CancellationToken) ?? throw Unknown("budget", "id"));
    }

    public override async Task<ListBudgetsResponse> ListBudgets(ListBudgetsRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        if (request.PageSize is < 0 or > MaxPageSize)
            throw Invalid("page_size", $"The page size must lie between 1 and {MaxPageSize}.");
        var list = "budgets\n" + request.TenantId;
        Guid? after = null;
        if (request.PageToken.Length > 0 && (after = PageToken.Read(request.PageToken, list)) is null)
            throw Invalid("page_token", "The page token is not one of this list.");

        var size = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var found = await budgets.ListAsync(request.TenantId, after, size + 1, context.CancellationToken);
        var response = new ListBudgetsResponse();
        response.Budgets.AddRange(found.Take(size).Select(BudgetMapping.ToProto));
        if (found.Count > size)
            response.NextPageToken = PageToken.For(found[size - 1].Budget.Id, list);
        return response;
    }

    public override async Task<Budget> UpdateBudget(UpdateBudgetRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return await budgets.UpdateAsync(ReadId(request.Id), request, context.CancellationToken) switch
        {
            UpdateOutcome.Updated updated => BudgetMapping.ToProto(updated.Budget),
            UpdateOutcome.OtherVersion other => throw new FailureException(new Failure
            {
                FailureClass = FailureClass.Conflict,
                Code = "budget_changed",
                Message = $"The budget was changed meanwhile; its version is {other.Version}.",
                Param = "version",
            }),
            _ => throw Unknown("budget", "id"),
        };
    }

    public override Task<Budget> DisableBudget(DisableBudgetRequest request, ServerCallContext context) =>
        UpdateBudget(new UpdateBudgetRequest { Id = request.Id, Enabled = false }, context);

    public override async Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var id = ReadId(request.BudgetId);
        if (await budgets.FindAsync(id, context.CancellationToken) is null)
            throw Unknown("budget", "budget_id");
        var response = new ListLeasesResponse();
        response.Leases.AddRange((await budgets.ListLeasesAsync(id, context.CancellationToken)).Select(BudgetMapping.ToProto));
        return response;
    }

    public override async Task<BudgetLease> CloseLease(CloseLeaseRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        var lease = await keeping.CloseAsync(ReadId(request.LeaseId, "lease"), context.CancellationToken) ?? throw Unknown("lease", "lease_id");
        if (lease.Stage != LeaseStage.Closed)
            throw Invalid("lease_id", "The lease is active; only a suspended lease can be closed.");
        return BudgetMapping.ToProto((await budgets.FindLeaseAsync(lease.Id, context.CancellationToken))!);
    }

    public override async Task Lease(
        IAsyncStreamReader<LeaseRequest> requestStream, IServerStreamWriter<LeaseResponse> responseStream, ServerCallContext context)
    {
        context.AdmitGateway();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        if (!await requestStream.MoveNext(stopping.Token) || requestStream.Current.Hello is not { } hello)
            throw Invalid("hello", "The first message of a stream is a hello.");
        if (hello.Instance.Length is 0 or > LongestInstance || hello.FirstSequence <= 0)
            throw Invalid("hello", "A hello names an outbox slot and the number of the event that took it.");

        var welcome = new LeaseWelcome { LeaseDuration = Duration.FromTimeSpan(options.Value.LeaseDuration) };
        await responseStream.WriteAsync(new LeaseResponse { Welcome = welcome }, stopping.Token);
        using var stream = new LeaseStream(new Holder(hello.Instance, hello.FirstSequence), demands, keeping, signals);
        signals.Register(stream);
        try
        {
            var reading = stream.ReadAsync(requestStream.ReadAllAsync(stopping.Token), stopping.Token);
            await foreach (var response in stream.Outgoing.ReadAllAsync(stopping.Token))
                await responseStream.WriteAsync(response, stopping.Token);
            await reading;
        }
        finally
        {
            signals.Unregister(stream);
        }
    }

    private static Guid ReadId(string text, string what = "budget") =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw Unknown(what, what == "budget" ? "id" : "lease_id");

    private static FailureException Unknown(string what, string param) => new(new Failure
    {
        FailureClass = FailureClass.NotFound, Code = what + "_not_found", Message = $"There is no such {what}.", Param = param,
    });

    private static FailureException Invalid(string param, string message) => new(new Failure
    {
        FailureClass = FailureClass.InvalidRequest, Code = "invalid_" + param, Message = message, Param = param,
    });
}
