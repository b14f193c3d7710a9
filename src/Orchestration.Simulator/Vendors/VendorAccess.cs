using Microsoft.Extensions.Options;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>Lets any key in, except at vendors that are set to be strict.</summary>
internal sealed class VendorAccess(VendorCatalogue vendors, IOptions<SimulatorOptions> options)
{
    private const string Scheme = "Bearer ";

    /// <summary>The vendor of the address, or null after the refusal has been written.</summary>
    public async ValueTask<Vendor?> EnterAsync(HttpContext context)
    {
        WireHeaders.Mark(context.Response);
        var id = context.Request.RouteValues["vendor"] as string;
        if (vendors.Find(id) is not { } vendor)
        {
            await context.WriteErrorAsync(404, VendorErrors.Compose(
                $"No vendor '{id}' is simulated. Known: {string.Join(", ", vendors.Ids.Order())}.", "invalid_request_error", null, "unknown_vendor"));
            return null;
        }
        if (options.Value.Keys.TryGetValue(vendor.Id, out var keys) && !Holds(context, keys))
        {
            await context.WriteErrorAsync(401, VendorErrors.Body(vendor.Dialect, 401));
            return null;
        }
        return vendor;
    }

    public bool Knows(Vendor vendor, string model) => !options.Value.Keys.ContainsKey(vendor.Id) || vendor.Find(model) is not null;

    private static bool Holds(HttpContext context, string[] keys)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && keys.Contains(header[Scheme.Length..].Trim());
    }
}
