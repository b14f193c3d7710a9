using Google.Protobuf;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Tells back what was asked.</summary>
internal sealed class FakeReports : ReportService.ReportServiceBase
{
    public override Task<Report> GetReport(ReportRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return request.Top < 0
            ? throw FakeLedgerSteering.Refusal("invalid_top", FailureClass.InvalidRequest)
            : Task.FromResult(new Report { TimeZone = request.TimeZone, GroupBy = { request.GroupBy }, Rows = { new ReportRow { Period = request.From, Values = { request.Models } } } });
    }

    public override Task<ReportFile> ExportReport(ExportReportRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return Task.FromResult(new ReportFile { Name = $"usage.{request.Format}", ContentType = "text/csv; charset=utf-8", Content = ByteString.CopyFromUtf8(request.Report.TenantId) });
    }

    public override Task<Statement> GetStatement(StatementRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return Task.FromResult(new Statement { TenantId = request.TenantId, Month = request.Month });
    }

    public override Task<ReportFile> ExportStatement(ExportStatementRequest request, ServerCallContext context)
    {
        FakeLedgerSteering.AdmitGateway(context);
        return Task.FromResult(new ReportFile { Name = $"statement-{request.Statement.Month}.xlsx", ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content = ByteString.CopyFrom(1, 0, 2) });
    }
}
