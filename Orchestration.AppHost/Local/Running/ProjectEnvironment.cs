using System.Collections;
using System.Security.Cryptography;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The environment of a started project: the same variables as under Aspire, so that services cannot tell the difference.</summary>
internal static class ProjectEnvironment
{
    private static readonly HashSet<string> NotInherited =
        ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL"];

    private static readonly string[] NotInheritedPrefixes = ["DEBUG_SESSION", "DCP_"];

    /// <summary>Changes to this process's own environment, which is inherited; null removes.</summary>
    public static Dictionary<string, string?> Of(ProjectResource project, int replica, LocalSettings settings, Endpoint? collector)
    {
        var own = new Dictionary<string, string>();
        AddTelemetry(own, project, settings, collector);
        own["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        own["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        AddAddresses(own, project, replica);
        foreach (var change in project.EnvironmentChanges)
            change(own);

        var all = new Dictionary<string, string?>();
        foreach (var name in Inherited().Where(IsNotInherited))
            all[name] = null;
        foreach (var (name, value) in own)
            all[name] = value;
        return all;
    }

    private static IEnumerable<string> Inherited() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key);

    private static bool IsNotInherited(string name) =>
        NotInherited.Contains(name) || NotInheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static void AddAddresses(Dictionary<string, string> environment, ProjectResource project, int replica)
    {
        if (project.KestrelKeys.Count > 0)
        {
            foreach (var endpoint in project.Endpoints)
                environment[$"Kestrel__Endpoints__{project.KestrelKeys[endpoint.Name]}__Url"] = endpoint.Url(replica);
        }
        else if (project.Endpoints.Count > 0)
        {
            environment["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints.Select(endpoint => endpoint.Url(replica)));
        }
    }

    private static void AddTelemetry(Dictionary<string, string> environment, ProjectResource project, LocalSettings settings, Endpoint? collector)
    {
        if (collector is not null)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url();
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            if (settings.CollectorKey is { } key)
                environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }
        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (!settings.IsDevelopment)
            return;
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        environment["OTEL_TRACES_SAMPLER"] = "always_on";
        environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        environment["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        environment["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
    }
}
