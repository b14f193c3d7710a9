namespace Orchestration.Routing.Policy;

/// <summary>What one tenant has in place of the installation's document. Nothing in it can allow what the installation does not.</summary>
internal sealed record TenantOverlay
{
    public required string Tenant { get; init; }

    /// <summary>Name for people.</summary>
    public required string Label { get; init; }

    /// <summary>Regions of endpoints; those that the installation allows too. Empty leaves the installation's.</summary>
    public required IReadOnlyList<PolicyReference> Residency { get; init; }

    /// <summary>Models that may answer, "provider/id" or "provider/*"; empty for all.</summary>
    public required IReadOnlyList<PolicyReference> Allow { get; init; }

    /// <summary>Models that may not, although they are allowed.</summary>
    public required IReadOnlyList<PolicyReference> Deny { get; init; }

    /// <summary>Of every route, never over the route's own; null leaves them.</summary>
    public required int? DefaultMaxOutput { get; init; }

    /// <summary>No answer is given twice.</summary>
    public required bool NoCache { get; init; }

    public required IReadOnlyList<OverlayRoute> Routes { get; init; }

    /// <exception cref="InvalidPolicyException">Any mistake of form; all of them are named.</exception>
    public static TenantOverlay Read(string tenant, string yaml) => PolicyReader.Read(yaml, root => Read(tenant, root));

    public static TenantOverlay Read(string tenant, YamlSection root)
    {
        var overlay = new TenantOverlay
        {
            Tenant = tenant,
            Label = root.Text("label"),
            Residency = root.References("residency"),
            Allow = root.References("allow"),
            Deny = root.References("deny"),
            DefaultMaxOutput = root.Integer("default_max_output", 1, 1_000_000),
            NoCache = root.Flag("no_cache") ?? false,
            Routes = root.Section("routes") is { } routes ? [.. routes.Sections().Select(route => OverlayRoute.Read(route.Name, route.Section))] : [],
        };
        root.Close();
        return overlay;
    }

    /// <summary>Whether a model may answer the tenant.</summary>
    public bool Permits(string model) => (Allow.Count == 0 || Allow.Any(a => Covers(a.Target, model))) && !Deny.Any(d => Covers(d.Target, model));

    public static bool Covers(string pattern, string model) => pattern.EndsWith("/*", StringComparison.Ordinal)
        ? model.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
        : string.Equals(pattern, model, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Another chain for a route of the installation.</summary>
internal sealed record OverlayRoute(
    string Name, IReadOnlyList<PolicyReference> Chain, IReadOnlyDictionary<string, IReadOnlyList<PolicyReference>> Classes, string? DefaultClass, int Line)
{
    public static OverlayRoute Read(string name, YamlSection section)
    {
        var classes = PolicyReader.ReadClasses(section.Section("classes"));
        var defaultClass = section.Text("default_class", whenAbsent: "");
        var route = new OverlayRoute(name, section.References("chain"), classes, defaultClass.Length > 0 ? defaultClass : null, section.Line);
        section.Close();
        return route;
    }

    /// <summary>The installation's route with this one's chains.</summary>
    public PolicyRoute Over(PolicyRoute route) => route with
    {
        Chain = Chain,
        Classes = Classes,
        Choice = route.Choice with { Split = [] },
        UsesPools = false,
        DefaultClass = DefaultClass ?? (route.ChoosesByClass ? route.DefaultClass : RequestClasses.Moderate),
        Line = Line,
    };
}
