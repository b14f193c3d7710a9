namespace Aspire.Hosting.ApplicationModel;

/// <summary>A dependency that has to be healthy, or, with an exit code, to have ended with it.</summary>
internal sealed record Wait(IResource For, int? ExitCode);

/// <summary>An HTTP address whose answer tells whether a process works.</summary>
internal sealed record HttpHealthCheck(string Path, int StatusCode, string? EndpointName);
