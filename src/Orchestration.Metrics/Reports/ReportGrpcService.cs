using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Repricing;
using Orchestration.Metrics.Reports.Sheets;
using Orchestration.Metrics.Reports.Statements;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Reports;

/// <summary>Reports and statements for the gateway's admin API.</summary>
internal sealed class ReportGrpcService(ReportReader reports, StatementReader statements) : ReportService.ReportServiceBase
{
    private const int MostRows = 10_000;
    private const int LongestText = 1_000;

    public override async Task<Report> GetReport(ReportRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return (await ReadAsync(request, MostRows, context.CancellationToken)).ToWire();
    }

    public override async Task<ReportFile> ExportReport(ExportReportRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        AdmitFormat(request.Format);
        var report = await ReadAsync(request.Report ?? new ReportRequest(), ReportSheet.MostRows, context.CancellationToken);
        return SheetFile.Write(ReportSheet.Of(report), request.Format);
    }

    public override async Task<Statement> GetStatement(StatementRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        return (await ReadAsync(request, context.CancellationToken)).ToWire();
    }

    public override async Task<ReportFile> ExportStatement(ExportStatementRequest request, ServerCallContext context)
    {
        context.AdmitGateway();
        AdmitFormat(request.Format);
        return SheetFile.Write(StatementSheet.Of(await ReadAsync(request.Statement ?? new StatementRequest(), context.CancellationToken)), request.Format);
    }

    private async Task<UsageReport> ReadAsync(ReportRequest request, int mostRows, CancellationToken cancellationToken)
    {
        switch (ReportQuestionReading.Read(request))
        {
            case ReportReading.Understood(var question):
                var report = await reports.ReadAsync(question, cancellationToken);
                if (report is null || report.Rows.Count > mostRows)
                    ThrowInvalid("top", $"The report would have more than {mostRows} rows; ask for the largest groups only, for longer periods or for a part.");
                return report;
            case ReportReading.Refused(var param, var message):
                ThrowInvalid(param, message);
                break;
        }

        throw new InvalidOperationException("A reading is understood or refused.");
    }

    private async Task<MonthlyStatement> ReadAsync(StatementRequest request, CancellationToken cancellationToken)
    {
        if (request.TenantId.Length is 0 or > LongestText || request.TenantId.Contains('\0', StringComparison.Ordinal))
            ThrowInvalid("tenant_id", "A tenant's id is expected.");
        if (MonthPeriod.Read(request.Month, request.TimeZone) is not { } month)
        {
            ThrowInvalid("month", "A month such as 2026-11 and an IANA zone are expected.");
            return null;
        }

        var tag = request.CostCentre.StartsWith("tag:", StringComparison.Ordinal) ? request.CostCentre["tag:".Length..] : null;
        if (tag is null ? request.CostCentre is not ("" or "project") : tag.Length is 0 or > LongestText || tag.Contains('\0', StringComparison.Ordinal))
            ThrowInvalid("cost_centre", "\"project\" or \"tag:NAME\" is expected.");
        if (tag is not null && !BucketRanges.Fit([new ReportPeriod(month.From, month.To)], TimeSpan.FromDays(1)))
            ThrowInvalid("time_zone", "Usage by tag is kept by days of UTC: ask for the statement in the zone UTC.");
        var question = new StatementQuestion(request.TenantId, month.Month, month.TimeZone, tag);
        if (await statements.ReadAsync(question, month, cancellationToken) is not { Items.Count: <= ReportSheet.MostRows } statement)
        {
            ThrowInvalid("cost_centre", $"The statement would have more than {ReportSheet.MostRows} lines.");
            return null;
        }

        return statement;
    }

    private static void AdmitFormat(string format)
    {
        if (!SheetFile.IsFormat(format))
            ThrowInvalid("format", "\"csv\" or \"xlsx\" is expected.");
    }

    [DoesNotReturn]
    private static void ThrowInvalid(string param, string message) => throw Failed(FailureClass.InvalidRequest, "invalid_" + param, param, message);

    private static FailureException Failed(FailureClass failureClass, string code, string param, string message) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message, Param = param });
}
