using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>What operators steer in the ledger: each tells back what it was asked, by whom.</summary>
internal static class FakeLedgerSteering
{
    public static void AdmitGateway(ServerCallContext context) => context.GetServiceCaller().Service.ShouldBe(ResourceNames.Gateway);

    public static RpcException Refusal(string code, FailureClass failureClass) =>
        new Failure { FailureClass = failureClass, Code = code, Message = "No." }.ToRpcException();
}

internal sealed class FakeAlerts : AlertService.AlertServiceBase
{
    public override Task<ListAlertsResponse> ListAlerts(ListAlertsRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return Task.FromResult(new ListAlertsResponse { NextPageToken = $"{request.TenantId}|{request.Kind}|{request.PageSize}" });
    }
}

internal sealed class FakeQuarantine : QuarantineService.QuarantineServiceBase
{
    public override Task<QuarantinedEvent> ReplayQuarantinedEvent(DecideQuarantinedEventRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return request.EventId == "unknown"
            ? throw FakeLedgerSteering.Refusal("event_not_found", FailureClass.NotFound)
            : Task.FromResult(new QuarantinedEvent { EventId = request.EventId, DecidedBy = request.Actor });
    }
}

internal sealed class FakeReconciliations : ReconciliationService.ReconciliationServiceBase
{
    public override async Task Reconcile(ReconcileRequest request, IServerStreamWriter<Reconciliation> responseStream, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        for (var day = 1; day <= 3; day++)
            await responseStream.WriteAsync(new Reconciliation { FirstDay = request.FirstDay, LastDay = request.LastDay, DaysDone = day, Days = 3 });
    }
}

internal sealed class FakeRepricings : RepricingService.RepricingServiceBase
{
    public override Task<ListClosedMonthsResponse> ListClosedMonths(ListClosedMonthsRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return Task.FromResult(new ListClosedMonthsResponse { Months = { new ClosedMonth { TenantId = request.TenantId } } });
    }
}
