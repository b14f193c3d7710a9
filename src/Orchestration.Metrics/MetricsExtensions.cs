using Orchestration.Metrics.Alerts;
using Orchestration.Metrics.Alerts.Steering;
using Orchestration.Metrics.Budgets;
using Orchestration.Metrics.Budgets.Steering;
using Orchestration.Metrics.Data;
using Orchestration.Metrics.Feedback;
using Orchestration.Metrics.Quarantining;
using Orchestration.Metrics.Querying;
using Orchestration.Metrics.Reconciliation;
using Orchestration.Metrics.Recording;
using Orchestration.Metrics.Recovery;
using Orchestration.Metrics.Reports;
using Orchestration.Metrics.Repricing;
using Orchestration.Metrics.Tracing;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Data;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.Metrics;

internal static class MetricsExtensions
{
    public static WebApplicationBuilder AddMetrics(this WebApplicationBuilder builder, string database = ResourceNames.Metrics)
    {
        builder.AddServiceDatabase<WebApplicationBuilder, MetricsDbContext>(database);
        builder.AddMessaging(bus => bus.AddQueueConsumer<LedgerBatchConsumer>(LedgerBatchConsumer.Queue, queue =>
        {
            var recording = builder.Configuration.GetSection(RecordingOptions.SectionName).Get<RecordingOptions>() ?? new RecordingOptions();
            queue.Concurrency = recording.ConcurrentBatches;
            // None lies here unbegun: its hold time would not count yet, the broker's patience would.
            queue.Prefetch = (ushort)recording.ConcurrentBatches;
        }).AddAlertNews());
        builder.Services.AddInternalGrpcServer();
        builder.Services.AddSingleton<MetricsTelemetry>();
        builder.Services.AddOptionsWithValidateOnStart<OldRowsOptions, OldRowsOptionsValidator>().BindConfiguration(OldRowsOptions.SectionName);
        builder.Services.AddSingleton<OldRows>().AddHostedService<PartitionMaintenance>();
        builder.Services.AddRecording().AddTracing().AddAlerts().AddRecovery().AddReconciliation().AddReports();
        builder.Services.AddSingleton<FeedbackBook>();
        builder.Services.AddSingleton<LedgerQueries>().AddSingleton<RequestSearch>();
        builder.Services.AddHostedService<LedgerGauges>();
        builder.Services.AddSingleton<RepricingBook>().AddSingleton<ClosedMonths>().AddSingleton<RepricingWork>().AddHostedService<RepricingWorker>();
        builder.Services.AddBudgets();
        return builder;
    }

    public static WebApplication MapMetrics(this WebApplication app)
    {
        app.MapGrpcService<LedgerGrpcService>();
        app.MapGrpcService<FeedbackGrpcService>();
        app.MapGrpcService<AlertGrpcService>();
        app.MapGrpcService<ReconciliationGrpcService>();
        app.MapGrpcService<BudgetGrpcService>();
        app.MapGrpcService<QuarantineGrpcService>();
        app.MapGrpcService<TraceGrpcService>();
        app.MapGrpcService<RepricingGrpcService>();
        app.MapGrpcService<ReportGrpcService>();
        app.MapGrpcService<OtlpTraceService>();
        app.MapGrpcService<OtlpMetricsService>();
        app.MapGrpcService<OtlpLogsService>();
        return app;
    }

    private static IServiceCollection AddRecording(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RecordingOptions, RecordingOptionsValidator>()
            .BindConfiguration(RecordingOptions.SectionName);
        return services.AddSingleton<LedgerWriter>().AddSingleton<PatientWriter>().AddSingleton<GatheredWriter>()
            .AddSingleton<QuarantinedEvents>().AddSingleton<PoisonMessages>();
    }

    private static IServiceCollection AddTracing(this IServiceCollection services)
    {
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.SectionName);
        services.AddOptionsWithValidateOnStart<TraceStoreOptions, TraceStoreOptionsValidator>()
            .BindConfiguration(TraceStoreOptions.SectionName);
        return services.AddSingleton<TraceStore>().AddSingleton<OtlpAccess>();
    }
}
