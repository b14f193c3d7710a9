using Microsoft.Extensions.Configuration;

namespace Orchestration.AppHost;

/// <summary>Where everything that this system writes is kept.</summary>
internal static class DataDirectories
{
    /// <summary><c>Orchestration:DataDirectory</c>, else <c>.data</c> beside the solution.</summary>
    public static string Of(IConfiguration configuration)
    {
        if (configuration["Orchestration:DataDirectory"] is { Length: > 0 } chosen)
            return Path.GetFullPath(chosen);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestration.sln")))
                return Path.Combine(folder.FullName, ".data");
        }
        return Path.Combine(AppContext.BaseDirectory, ".data");
    }

    /// <summary>Creates a folder that others may pass through, as PostgreSQL's account must when we are root, but not list.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, (UnixFileMode)0b111_001_001);
    }
}
