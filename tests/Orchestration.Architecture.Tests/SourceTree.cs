using System.Xml.Linq;
using Orchestration.Testing;

namespace Orchestration.Architecture.Tests;

/// <summary>The checkout as the house rules look at it.</summary>
internal static class SourceTree
{
    public static IReadOnlyList<string> Files(string pattern, params string[] folders) =>
        [.. folders
            .Select(folder => Path.Combine(RepositoryRoot.Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal)];

    /// <summary>All written C#, Razor and proto files; generated migrations are not written.</summary>
    public static IReadOnlyList<string> Sources() =>
        [.. new[] { "*.cs", "*.razor", "*.proto" }
            .SelectMany(pattern => Files(pattern, "src", "tests", "Orchestration.AppHost", "Orchestration.ServiceDefaults"))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))];

    public static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));

    public static IReadOnlySet<string> ProjectReferences(string project) =>
        XDocument.Parse(Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .ToHashSet();
}
