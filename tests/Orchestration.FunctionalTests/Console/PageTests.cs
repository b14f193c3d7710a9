using System.Net.Http.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Orchestration.FunctionalTests.Console;

/// <summary>Every page in every dress: readable for everybody, quiet in the browser's console, and photographed.</summary>
public sealed class PageTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private static readonly string[] Pages = ["/", "/requests", "/routes", "/providers", "/tenants", "/tenants/development", "/budgets", "/prices", "/collections", "/playground", "/alerts", "/audit", "/traces", "/system", "/no-such-page"];

    [Theory]
    [InlineData("en", ColorScheme.Light)]
    [InlineData("zh", ColorScheme.Dark)]
    public async Task Page_has_no_serious_finding_and_breaks_no_rule_of_its_own(string language, ColorScheme theme)
    {
        await SendAsync();
        await using var console = await browser.SignInAsync(language, theme);
        var findings = new List<string>();
        foreach (var path in Pages)
        {
            await console.OpenAsync(path);
            await ConsoleBrowser.PictureAsync(console.Page, $"{Name(path)}-{language}-{theme}".ToLowerInvariant());
            var result = await console.Page.RunAxe();
            findings.AddRange(result.Violations
                .Where(violation => violation.Impact is "serious" or "critical")
                .Select(violation => $"{path}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        }

        findings.ShouldBeEmpty();
        console.Complaints.Where(complaint => !complaint.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", ColorScheme.Dark)]
    [InlineData("zh", ColorScheme.Light)]
    public async Task Page_shows_itself_in_the_other_dress(string language, ColorScheme theme)
    {
        await SendAsync();
        await using var console = await browser.SignInAsync(language, theme);
        foreach (var path in (string[])["/", "/routes", "/tenants/development"])
        {
            await console.OpenAsync(path);
            await ConsoleBrowser.PictureAsync(console.Page, $"{Name(path)}-{language}-{theme}".ToLowerInvariant());
        }

        (await console.Page.Locator("html").GetAttributeAsync("lang")).ShouldBe(language == "en" ? "en" : "zh-Hans");
        (await console.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor")).ShouldBe(theme == ColorScheme.Dark ? "rgb(15, 23, 42)" : "rgb(245, 247, 250)");
    }

    // So that pages have something to show.
    private async Task SendAsync()
    {
        using var response = await browser.System.Gateway.PostAsJsonAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = "Hello" } } }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        await browser.System.Admin.SettledRequestAsync(response.Headers.GetValues("x-request-id").Single(), TestContext.Current.CancellationToken);
    }

    private static string Name(string path) => path == "/" ? "overview" : path.Trim('/').Replace('/', '-');
}
