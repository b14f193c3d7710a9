namespace Orchestration.Metrics.Tracing;

/// <summary>Who may send telemetry.</summary>
internal sealed class TelemetryOptions
{
    public const string SectionName = "Telemetry";

    /// <summary>Key that exporters show in the header <c>x-otlp-api-key</c>. Without one no telemetry is taken in.</summary>
    public string ApiKey { get; set; } = "";
}
