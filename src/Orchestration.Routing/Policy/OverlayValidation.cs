using Orchestration.Routing.Catalogue;

namespace Orchestration.Routing.Policy;

/// <summary>Finds what an overlay names that the installation does not have, and what it would leave without any answer.</summary>
internal sealed class OverlayValidation(TenantOverlay overlay, PolicyDocument policy, ModelCatalogue catalogue)
{
    private readonly List<PolicyError> _errors = [];

    public IReadOnlyList<PolicyError> Run()
    {
        if (overlay.Tenant.Length == 0 || overlay.Tenant == PolicyResidency.EveryTenant) Add(1, 1, "overlays", "names no tenant");
        CheckResidency();
        foreach (var pattern in overlay.Allow.Concat(overlay.Deny))
            if (!catalogue.Models.Any(m => TenantOverlay.Covers(pattern.Target, m.Key)))
                Add(pattern, "allow or deny", $"'{pattern.Target}' covers no model; write provider/id or provider/*");
        CheckRoutes();
        return [.. _errors.OrderBy(e => e.Line)];
    }

    private void CheckResidency()
    {
        foreach (var region in overlay.Residency.Where(r => r.Target is not ("cn" or "intl"))) Add(region, "residency", $"'{region.Target}' is not cn or intl");
        var installed = policy.Residency.FirstOrDefault(r => r.Tenant == overlay.Tenant) ?? policy.Residency.FirstOrDefault(r => r.Tenant == PolicyResidency.EveryTenant);
        if (overlay.Residency.Count == 0 || installed is null) return;
        foreach (var region in overlay.Residency.Where(r => installed.Regions.All(i => i.Target != r.Target)))
            Add(region, "residency", $"'{region.Target}' is not among the regions that the installation allows the tenant");
    }

    private void CheckRoutes()
    {
        var routes = policy.Routes.ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        var made = new List<PolicyRoute>();
        foreach (var route in overlay.Routes)
        {
            if (routes.TryGetValue(route.Name, out var installed)) made.Add(route.Over(installed));
            else Add(route.Line, 0, $"routes.{route.Name}", "is not a route of the installation");
        }

        // Chains of an overlay obey what chains of the installation obey.
        _errors.AddRange(new PolicyValidation(policy with { Routes = made }, catalogue).RunRoutes());
        foreach (var reference in made.SelectMany(route => route.Classes.Values.Append(route.Chain)).SelectMany(chain => chain))
            if (ModelOf(reference.Target) is { } model && !overlay.Permits(model))
                Add(reference, "routes", $"names '{reference.Target}', which the overlay itself does not allow");
    }

    private string? ModelOf(string target) => catalogue.Find(target)?.Key ?? policy.Deployments.FirstOrDefault(d => d.Id == target)?.Model;

    private void Add(PolicyReference reference, string path, string message) => Add(reference.Line, reference.Column, path, message);

    private void Add(int line, int column, string path, string message) => _errors.Add(new PolicyError(line, path, message) { Column = column });
}
