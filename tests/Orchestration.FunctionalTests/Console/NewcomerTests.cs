using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;

namespace Orchestration.FunctionalTests.Console;

/// <summary>What an operator does in the first minutes, with mouse and keyboard.</summary>
public sealed class NewcomerTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Model = "openai/gpt-4.1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_request_is_found_and_its_attempt_price_and_waterfall_are_seen()
    {
        using var response = await AskAsync(browser.System.Endpoints.DevelopmentKey, "auto");
        var id = response.Headers.GetValues("x-request-id").Single();
        await browser.System.Admin.SettledRequestAsync(id, Cancellation);
        await using var console = await browser.SignInAsync();

        await console.OpenAsync($"/requests/{id}");

        await Assertions.Expect(console.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("Attempt 1") })).ToBeVisibleAsync();
        await Assertions.Expect(console.Page.GetByText("Charged to the tenant")).ToBeVisibleAsync();
        await Assertions.Expect(console.Page.Locator(".waterfall-row").First).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "request");
    }

    [Fact]
    public async Task Team_gets_a_tenant_a_budget_and_a_key_and_is_told_when_its_money_is_spent()
    {
        var tenant = $"team-{Guid.CreateVersion7():N}";
        await using var console = await browser.SignInAsync();
        await console.OpenAsync("/tenants");
        await console.Button("Add a tenant").ClickAsync();
        await console.Field("Id").FillAsync(tenant);
        await console.Button("Add").ClickAsync();
        await console.Page.WaitForURLAsync($"**/tenants/{tenant}");

        await console.OpenAsync($"/budgets?tenant={tenant}");
        await console.Button("Add a budget").ClickAsync();
        await console.Field("Name").FillAsync("First budget");
        await console.Field("Amount").FillAsync("0.02");
        await console.Page.GetByText("Counts simulated work").ClickAsync();
        await console.Button("Add").ClickAsync();
        await Assertions.Expect(console.Page.GetByText("First budget").First).ToBeVisibleAsync();

        await console.OpenAsync($"/tenants/{tenant}");
        await console.Field("Name").First.FillAsync("First key");
        await console.Button("Make a key").ClickAsync();
        var secret = await console.Page.Locator("[data-secret]").TextContentAsync();
        await Assertions.Expect(console.Page.Locator("pre.payload").First).ToContainTextAsync(secret!);
        await ConsoleBrowser.PictureAsync(console.Page, "new-key");

        (await SpendAsync(secret!)).ShouldContain("'First budget'");
        await console.OpenAsync("/budgets?tenant=" + tenant);
        await ConsoleBrowser.PictureAsync(console.Page, "spent-budget");
        console.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Route_is_edited_with_a_mistake_mended_activated_and_rolled_back()
    {
        await using var console = await browser.SignInAsync();
        await console.OpenAsync("/routes");
        var editor = console.Field("Policy document");
        var before = await editor.InputValueAsync();

        await editor.FillAsync(before.Replace("max_attempts: 3", "max_attempts: many", StringComparison.Ordinal));
        await console.Button("Check").ClickAsync();
        await Assertions.Expect(console.Page.GetByText("max_attempts").Last).ToBeVisibleAsync();
        await Assertions.Expect(console.Page.Locator("strong", new() { HasTextRegex = new("^Line \\d+$") }).First).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "route-mistake");

        await editor.FillAsync(before.Replace("max_attempts: 3", "max_attempts: 2", StringComparison.Ordinal));
        await console.Field("Why").FillAsync("Fewer attempts");
        await console.Button("Store and activate").ClickAsync();
        await Assertions.Expect(console.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new("Version \\d+ is active") })).Not.ToContainTextAsync("Version 1 ");
        await ConsoleBrowser.PictureAsync(console.Page, "route-activated");

        await console.Button("Roll back to it").First.ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Activate" }).ClickAsync();
        await Assertions.Expect(console.Field("Policy document")).ToHaveValueAsync(before);
    }

    [Fact]
    public async Task Explanation_says_where_a_prompt_would_go_and_what_each_candidate_would_cost()
    {
        await using var console = await browser.SignInAsync();
        await console.OpenAsync("/routes");

        await console.Field("Prompt").FillAsync("What is two and two?");
        await console.Button("Explain").ClickAsync();

        await Assertions.Expect(console.Page.Locator(".chain .link").First).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "explanation");
    }

    private async Task<string> SpendAsync(string key)
    {
        for (var i = 0; i < 400; i++)
        {
            using var response = await AskAsync(key, Model);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return await response.Content.ReadAsStringAsync(Cancellation);
            response.EnsureSuccessStatusCode();
        }

        return "Nothing was refused.";
    }

    private async Task<HttpResponseMessage> AskAsync(string key, string model)
    {
        using var client = new HttpClient { BaseAddress = new Uri(browser.System.Endpoints.GatewayHttp) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return await client.PostAsJsonAsync("/v1/chat/completions", new { model, max_tokens = 500, messages = new[] { new { role = "user", content = "Hello" } } }, Cancellation);
    }
}
