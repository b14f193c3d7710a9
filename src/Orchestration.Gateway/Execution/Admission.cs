using System.Diagnostics;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.Caching;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Limits;
using Orchestration.Gateway.Planning;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Gateway.Execution;

/// <summary>Plans a request and writes it to the outbox; only what is durable there may be executed.</summary>
internal sealed partial class Admission(
    CachingPlanner planner,
    BudgetGate budgets,
    LimitGate limits,
    LimitQueue queue,
    Outbox outbox,
    SecretHasher hasher,
    EndUserDirectory endUsers,
    RunningRequests running,
    GatewayTelemetry telemetry,
    ILogger<Admission> logger)
{
    public async ValueTask<AdmissionOutcome> AdmitAsync(
        PlanningRequest request,
        RequestDetails details,
        string operation,
        CancellationToken cancellationToken)
    {
        if (running.IsStopping)
        {
            var stopping = Failures.ShuttingDown();
            telemetry.Refused(stopping);
            return new AdmissionOutcome.Refused(stopping, null);
        }

        var endUser = HashEndUser(request.Caller, details);
        var rule = await RuleOfAsync(request.Caller, endUser, cancellationToken);
        if (rule is { Blocked: true })
        {
            var blocked = Failures.PermissionDenied("end_user_blocked", "Nothing is served to this end user.", "user");
            telemetry.Refused(blocked);
            return new AdmissionOutcome.Refused(blocked, null);
        }

        var limited = await queue.TakeAsync(details.Identity.Text, request, endUser, rule?.Limits ?? [], cancellationToken);
        if (limited.Refusal is { } refusal)
        {
            telemetry.Refused(refusal);
            return new AdmissionOutcome.Refused(refusal, null) { Limits = limited.Levels };
        }

        AdmissionOutcome? outcome = null;
        try
        {
            outcome = await PlanAsync(request, details, operation, endUser, cancellationToken);
            return outcome with { Limits = limited.Levels };
        }
        finally
        {
            // The request stays counted, its tokens and its place do not.
            if (outcome is not AdmissionOutcome.Admitted)
                await limits.EndAsync(details.Identity.Text, 0);
        }
    }

    private async ValueTask<AdmissionOutcome> PlanAsync(
        PlanningRequest request,
        RequestDetails details,
        string operation,
        string endUser,
        CancellationToken cancellationToken)
    {
        var attribution = Dimensions.Attribution(request.Caller, details, endUser);
        var plan = await planner.PlanAsync(request, attribution, cancellationToken);
        if (plan is not BudgetedPlan.Ready { Planned: var planned, Hold: var hold, Cache: var cache })
        {
            var refused = (BudgetedPlan.Refused)plan;
            telemetry.Refused(refused.Failure);
            return new AdmissionOutcome.Refused(refused.Failure, refused.Plan);
        }

        GatewayTelemetry.Describe(Activity.Current, operation, planned.Plan);
        var admitted = new AdmittedRequest(
            details.Identity,
            operation,
            planned.Plan,
            attribution,
            Dimensions.Ledger(attribution, details, planned.Plan),
            planned.Ceiling,
            hold,
            planned.EstimatedInputTokens,
            details.Streamed,
            planned.Simulated) { Cache = cache, Basis = planned.Basis, CaptureDays = request.Caller.CaptureDays };
        return await RecordAsync(admitted, cancellationToken);
    }

    private async ValueTask<AdmissionOutcome> RecordAsync(AdmittedRequest request, CancellationToken cancellationToken)
    {
        var admitted = new RequestAdmitted
        {
            RequestId = request.Identity.Id,
            Dimensions = request.Dimensions,
            RequestedModel = request.Plan.RequestedModel,
            Streamed = request.Streamed,
            Simulated = request.Simulated,
            Reserved = request.Ceiling.Amount,
            LeaseSlices = request.Hold.Slices(),
        };
        try
        {
            // Not cancelled by the client: whether the row was written must be known.
            await outbox.AppendAsync(LedgerEvents.Wrap(admitted, request.Identity.StartedAt), CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.NotRecorded(logger, request.Identity.Text, exception);
            var failure = Failures.Unavailable("ledger_unavailable", "The request cannot be recorded right now, so it is not run.", TimeSpan.FromSeconds(5));
            budgets.GiveBack(request.Hold);
            planner.GiveBack(request.Cache);
            telemetry.Refused(failure);
            return new AdmissionOutcome.Refused(failure, request.Plan);
        }

        telemetry.Started();
        return new AdmissionOutcome.Admitted(request);
    }

    // Where the rules cannot be read nobody is refused by them and the project's limits hold: known keys go on while the database is away.
    private async ValueTask<EndUserRule?> RuleOfAsync(Caller caller, string endUser, CancellationToken cancellationToken) =>
        endUser.Length > 0 && await endUsers.FindAsync(caller.TenantId, cancellationToken) is Lookup<EndUserRules>.Found { Value: var rules }
            ? rules.ByHash.GetValueOrDefault(endUser)
            : null;

    // Other services hand on what the gateway hashed before; only a client's own word is hashed here.
    private string HashEndUser(Caller caller, RequestDetails details) => details.EndUser.Length == 0 || caller.KeyId.Length == 0
        ? details.EndUser
        : hasher.Pseudonym(caller.TenantId, details.EndUser);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Request {RequestId} is refused because the outbox does not take it")]
        public static partial void NotRecorded(ILogger logger, string requestId, Exception exception);
    }
}
