using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Tests.Conformance;

/// <summary>All golden files, and what of every vendor they prove.</summary>
internal sealed class ConformanceSuite(string goldenDirectory, VendorProfiles profiles)
{
    /// <summary>What is looked at, in the order of the table.</summary>
    public static readonly IReadOnlyList<string> Capabilities =
        ["plain", "stream", "tools", "parallel-tools", "reasoning-tools", "json-schema", "image", "usage", "errors", "cut"];

    // Every protocol that exists: a new dialect needs no entry here.
    private static readonly Dictionary<Protocol, IChatDialect> Dialects = typeof(IChatDialect).Assembly.GetTypes()
        .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IChatDialect)))
        .Select(t => (IChatDialect)Activator.CreateInstance(t, nonPublic: true)!)
        .ToDictionary(d => d.Protocol);

    public static ConformanceSuite Shipped { get; } = new(
        Path.Combine(AppContext.BaseDirectory, "Golden"),
        VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles")));

    /// <summary>The files, by vendor and name.</summary>
    public IReadOnlyList<GoldenFile> Files { get; } =
        [.. Directory.EnumerateFiles(goldenDirectory, "*.golden", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(GoldenFile.Read)];

    public GoldenFile Find(string name) => Files.Single(f => f.Name == name);

    /// <summary>The file with its dialect ("protocol:" in its head; OpenAI's when it has none) and its vendor's profile.</summary>
    public GoldenRun RunOf(GoldenFile file)
    {
        var protocol = file.Head.TryGetValue("protocol", out var name) ? Enum.Parse<Protocol>(name) : Protocol.OpenaiChat;
        return new GoldenRun(file, Dialects[protocol], profiles.For(file.Vendor));
    }

    /// <summary>One row per vendor and capability, whether or not there is a golden file.</summary>
    public IEnumerable<ConformanceRow> Rows() =>
        from profile in profiles.Vendors
        from capability in Capabilities
        let files = Files.Where(f => f.Vendor == profile.Provider && f.Capability == capability).ToList()
        select new ConformanceRow(profile.Provider, profile.Proof, capability, files.Count, [.. files.SelectMany(f => RunOf(f).Check())]);
}

/// <summary>What is proven of one capability of one vendor.</summary>
/// <param name="Vendor">The vendor.</param>
/// <param name="Proof">How far its profile is proven.</param>
/// <param name="Capability">One of <see cref="ConformanceSuite.Capabilities"/>.</param>
/// <param name="Files">Number of golden files.</param>
/// <param name="Problems">What differs from them.</param>
internal sealed record ConformanceRow(string Vendor, ProfileProof Proof, string Capability, int Files, IReadOnlyList<string> Problems)
{
    /// <summary>"passed", "failed", or "none" without a golden file.</summary>
    public string Result => Files == 0 ? "none" : Problems.Count == 0 ? "passed" : "failed";
}
