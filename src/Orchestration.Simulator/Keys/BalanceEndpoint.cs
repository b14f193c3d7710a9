using System.Globalization;
using System.Text;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Keys;

/// <summary>What is left on an account, in the form of each vendor that tells it.</summary>
internal static class BalanceEndpoint
{
    private const decimal Unlimited = 1000m;

    private static readonly (string Vendor, string Path, Func<decimal, string> Body)[] Forms =
    [
        ("deepseek", "user/balance", left =>
            $$$"""{"is_available":{{{(left > 0 ? "true" : "false")}}},"balance_infos":[{"currency":"CNY","total_balance":"{{{Cents(left)}}}","granted_balance":"0.00","topped_up_balance":"{{{Cents(left)}}}"}]}"""),
        ("moonshot", "users/me/balance", left =>
            $$$"""{"code":0,"data":{"available_balance":{{{Plain(left)}}},"voucher_balance":0,"cash_balance":{{{Plain(left)}}}},"scode":"0x0","status":true}"""),
        ("siliconflow", "user/info", left =>
            $$$"""{"code":20000,"message":"OK","status":true,"data":{"id":"userid","name":"simulated","email":"","balance":"{{{Cents(left)}}}","status":"normal","chargeBalance":"{{{Cents(left)}}}","totalBalance":"{{{Cents(left)}}}"}}"""),
        ("openrouter", "credits", left => $$$"""{"data":{"total_credits":{{{Plain(Unlimited)}}},"total_usage":{{{Plain(Unlimited - left)}}}}}"""),
        ("holysheep", "dashboard/billing/subscription", left =>
            $$$"""{"object":"billing_subscription","has_payment_method":true,"soft_limit_usd":{{{Plain(left)}}},"hard_limit_usd":{{{Plain(left)}}},"system_hard_limit_usd":{{{Plain(left)}}},"access_until":0}"""),
        ("holysheep", "dashboard/billing/usage", _ => """{"object":"list","total_usage":0}"""),
    ];

    public static void MapBalances(this IEndpointRouteBuilder routes)
    {
        foreach (var (vendor, path, body) in Forms)
        {
            foreach (var root in new[] { "", "/v1" })
                routes.MapGet($"/{vendor}{root}/{path}", context => AnswerAsync(context, vendor, null, body));
            foreach (var region in VendorAccess.Regions)
                routes.MapGet($"/{vendor}/{region}/v1/{path}", context => AnswerAsync(context, vendor, region, body));
        }
    }

    private static async Task AnswerAsync(HttpContext context, string id, string? region, Func<decimal, string> body)
    {
        context.Request.RouteValues[VendorAccess.VendorValue] = id;
        context.Request.RouteValues[VendorAccess.RegionValue] = region;
        var access = context.RequestServices.GetRequiredService<VendorAccess>();
        if (await access.EnterAsync(context, balance: true) is not { } vendor)
            return;
        var keys = context.RequestServices.GetRequiredService<KeyDesk>();
        var left = keys.Find(vendor.Id, VendorAccess.KeyOf(context))?.Balance ?? Unlimited;
        var bytes = Encoding.UTF8.GetBytes(body(left));
        context.Response.ContentType = WireHeaders.Json;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static string Cents(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Plain(decimal amount) => amount.ToString("0.######", CultureInfo.InvariantCulture);
}
