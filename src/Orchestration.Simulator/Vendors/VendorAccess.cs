using Microsoft.Extensions.Options;
using Orchestration.Simulator.Keys;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Vendors;

/// <summary>Lets any key in, except at vendors that are set to be strict, and keys that are set to be refused.</summary>
internal sealed class VendorAccess(VendorCatalogue vendors, KeyDesk desk, IOptions<SimulatorOptions> options)
{
    public const string RegionHeader = "x-simulate-region";
    public const string VendorValue = "vendor";
    public const string RegionValue = "region";

    /// <summary>Sites that vendors have; keys of one are refused by the other.</summary>
    public static readonly string[] Regions = ["cn", "intl"];

    private const string Scheme = "Bearer ";

    /// <summary>The vendor of the address, or null after the refusal has been written.</summary>
    /// <param name="context">The request.</param>
    /// <param name="balance">True for a question about the balance, which an empty account may ask.</param>
    public async ValueTask<Vendor?> EnterAsync(HttpContext context, bool balance = false)
    {
        WireHeaders.Mark(context.Response);
        var id = context.Request.RouteValues[VendorValue] as string;
        if (vendors.Find(id) is not { } vendor)
        {
            await context.WriteErrorAsync(404, VendorErrors.Compose(
                $"No vendor '{id}' is simulated. Known: {string.Join(", ", vendors.Ids.Order())}.", "invalid_request_error", null, "unknown_vendor"));
            return null;
        }
        foreach (var (name, value) in vendor.Wire.Headers)
            context.Response.Headers[name] = value;
        var key = KeyOf(context);
        var refusal = options.Value.Keys.TryGetValue(vendor.Id, out var keys) && !keys.Contains(key)
            ? ErrorClass.Auth
            : RefusalOf(context, vendor, key);
        if (refusal is null || (balance && refusal == ErrorClass.Balance))
            return vendor;
        await context.RefuseAsync(vendor.Wire, refusal, new ErrorDetails("", "0"));
        return null;
    }

    /// <summary>Why a key is refused here; null when it is not.</summary>
    public string? RefusalOf(HttpContext context, Vendor vendor, string key) => desk.Refusal(vendor.Id, key, RegionOf(context));

    public bool Knows(Vendor vendor, string model) =>
        !options.Value.Keys.ContainsKey(vendor.Id) || vendor.Find(model) is { Retired: false };

    /// <summary>The key that was shown, in any of the headers that vendors take it from.</summary>
    public static string KeyOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        var header = headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : ((string?)headers["api-key"] ?? (string?)headers["x-api-key"] ?? headers["x-goog-api-key"].ToString()).Trim();
    }

    private static string? RegionOf(HttpContext context) =>
        context.Request.RouteValues[RegionValue] as string ?? (string?)context.Request.Headers[RegionHeader];
}
