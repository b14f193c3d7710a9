namespace Aspire.Hosting;

/// <summary>Where a referenced project is; implemented by the generated classes of namespace Projects.</summary>
internal interface IProjectMetadata
{
    public string ProjectPath { get; }

    /// <summary>What the project was built to; the local host starts it without asking the SDK again.</summary>
    public string AssemblyPath { get; }
}

internal sealed class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }

    public bool ExcludeLaunchProfile { get; set; }

    public bool ExcludeKestrelEndpoints { get; set; }
}
