using System.Security.Cryptography;
using System.Text;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>A short name that stands for a path, so that two checkouts on one machine keep apart.</summary>
internal static class PathName
{
    public static string Of(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))))[..10];
}
