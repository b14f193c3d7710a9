using Orchestration.Metrics.Reports.Statements;

namespace Orchestration.Metrics.Reports;

internal static class ReportsExtensions
{
    public static IServiceCollection AddReports(this IServiceCollection services) =>
        services.AddSingleton<ReportReader>().AddSingleton<StatementReader>();
}
