using Google.Api;
using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Metrics.V1;

namespace Orchestration.Gateway.Admin;

internal sealed class ReportAdmin(ReportService.ReportServiceClient ledger, ForwardedCalls forward) : ReportAdminService.ReportAdminServiceBase
{
    public override Task<Report> GetReport(ReportRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.GetReportAsync, request, "", context);

    public override async Task<HttpBody> ExportReport(ExportReportRequest request, ServerCallContext context) =>
        Download(await forward.SendAsync(ledger.ExportReportAsync, request, "", context), context);

    public override Task<Statement> GetStatement(StatementRequest request, ServerCallContext context) =>
        forward.SendAsync(ledger.GetStatementAsync, request, "", context);

    public override async Task<HttpBody> ExportStatement(ExportStatementRequest request, ServerCallContext context) =>
        Download(await forward.SendAsync(ledger.ExportStatementAsync, request, "", context), context);

    private static HttpBody Download(ReportFile file, ServerCallContext context)
    {
        context.GetHttpContext().Response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
        return new HttpBody { ContentType = file.ContentType, Data = file.Content };
    }
}
