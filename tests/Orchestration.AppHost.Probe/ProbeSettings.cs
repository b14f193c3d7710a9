namespace Orchestration.AppHost.Probe;

/// <summary>How the probe is to behave, from variables named <c>Probe__…</c>.</summary>
internal static class ProbeSettings
{
    /// <summary>Folder for what the probe has to say about itself.</summary>
    public static string Folder => Text("Folder") ?? throw new InvalidOperationException("Probe__Folder is not set.");

    public static string Name => Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? "probe";

    /// <summary>Health questions that are answered with 503 first.</summary>
    public static int UnhealthyAnswers => int.Parse(Text("UnhealthyAnswers") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

    public static bool IgnoresTermination => Text("IgnoresTermination") == "true";

    /// <summary>Starts a process of its own, as services that shell out do.</summary>
    public static bool HasChild => Text("HasChild") == "true";

    private static string? Text(string name) => Environment.GetEnvironmentVariable("Probe__" + name);
}
