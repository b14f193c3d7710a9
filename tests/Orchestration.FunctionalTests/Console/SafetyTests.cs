using Microsoft.Playwright;

namespace Orchestration.FunctionalTests.Console;

/// <summary>What somebody else wrote is text on every page, whatever it would like to be.</summary>
public sealed class SafetyTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private static readonly string[] Shapes =
    [
        "<script>{0}</script>", "<img src=x onerror={0}>", "<svg onload={0}>", "<body onload={0}>", "<iframe srcdoc=\"<script>{0}</script>\">", "\"><script>{0}</script>", "'><img src=x onerror={0}>",
        "javascript:{0}", "<a href=\"javascript:{0}\" autofocus onfocus={0}>x</a>", "<input autofocus onfocus={0}>", "<details open ontoggle={0}>", "</textarea><script>{0}</script>",
        "</title><script>{0}</script>", "<math><mi xlink:href=\"javascript:{0}\">", "<video><source onerror={0}>", "<style>@import 'javascript:{0}'</style>", "{{{{constructor.constructor('{0}')()}}}}",
        "<object data=\"javascript:{0}\">", "<embed src=\"javascript:{0}\">", "<marquee onstart={0}>",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_of_sixty_scripts_in_names_of_tenants_projects_keys_and_budgets_runs()
    {
        var tenant = $"texts-{Guid.CreateVersion7():N}";
        await browser.System.Admin.PostAsync("/admin/v1/tenants", new { tenantId = tenant, name = Text(Shapes[0], 0), currency = "USD", timeZone = "UTC" }, Cancellation);
        for (var i = 0; i < Shapes.Length; i++)
        {
            await browser.System.Admin.PostAsync($"/admin/v1/tenants/{tenant}/projects", new { projectId = $"p{i}", name = Text(Shapes[i], 3 * i), costCentre = "x" }, Cancellation);
            await browser.System.Admin.PostAsync($"/admin/v1/tenants/{tenant}/keys", new { projectId = $"p{i}", name = Text(Shapes[i], (3 * i) + 1) }, Cancellation);
            await browser.System.Admin.PostAsync(
                "/admin/v1/budgets",
                new { tenantId = tenant, name = Text(Shapes[i], (3 * i) + 2), scope = "BUDGET_SCOPE_TENANT", amount = new { amount = "1", currency = "USD" }, period = "BUDGET_PERIOD_DAY" },
                Cancellation);
        }

        await using var console = await browser.SignInAsync();
        foreach (var path in (string[])["/tenants", $"/tenants/{tenant}", $"/budgets?tenant={tenant}", "/", "/audit"])
        {
            await console.OpenAsync(path);
            (await console.Page.EvaluateAsync<bool>("Object.keys(window).some(name => name.startsWith('ran_'))")).ShouldBeFalse(path);
        }

        await console.OpenAsync($"/tenants/{tenant}");
        await Assertions.Expect(console.Page.GetByText("<svg onload=").First).ToBeVisibleAsync();
        console.Complaints.ShouldBeEmpty();
    }

    private static string Text(string shape, int number) => shape.Replace("{0}", $"window.ran_{number}=1", StringComparison.Ordinal).Replace("{{{{", "{{", StringComparison.Ordinal).Replace("}}}}", "}}", StringComparison.Ordinal);
}
