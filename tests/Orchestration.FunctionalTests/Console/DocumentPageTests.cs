using System.Text;
using Microsoft.Playwright;

namespace Orchestration.FunctionalTests.Console;

/// <summary>Documents from their upload to a cited answer, and models side by side, as an operator tries them.</summary>
public sealed class DocumentPageTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Text = "# Returns\n\nParcels may be sent back within thirty days of delivery. The refund arrives within five working days.\n";

    [Fact]
    public async Task Document_is_uploaded_found_and_asked_and_what_it_does_not_say_is_not_found()
    {
        var collection = $"console-{Guid.CreateVersion7():N}";
        await using var console = await browser.SignInAsync();
        await console.OpenAsync("/collections");
        await console.Field("Client key").FillAsync(browser.System.Endpoints.DevelopmentKey);
        await console.Field("Collection").FillAsync(collection);
        await console.Button("Open").ClickAsync();

        await console.Page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "returns.md", MimeType = "text/markdown", Buffer = Encoding.UTF8.GetBytes(Text) });
        await Assertions.Expect(console.Page.GetByText("indexed").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await console.Field("Question").FillAsync("Until when may parcels be sent back after delivery?");
        await console.Button("Search").ClickAsync();
        await Assertions.Expect(console.Page.Locator(".passage").First).ToContainTextAsync("thirty days");
        await console.Button("Ask").ClickAsync();
        await Assertions.Expect(console.Page.Locator("[data-answer]")).ToContainTextAsync("thirty days of delivery [1]", new() { Timeout = 30_000 });
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "[1] returns.md" }).ClickAsync();
        await Assertions.Expect(console.Page.Locator(".passage.lit")).ToContainTextAsync("thirty days");
        await ConsoleBrowser.PictureAsync(console.Page, "collection");

        await console.Field("Question").FillAsync("Which planet has the largest moon?");
        await console.Button("Ask").ClickAsync();
        await Assertions.Expect(console.Page.GetByText("no model was asked")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        console.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_models_answer_side_by_side_with_what_each_costs()
    {
        await using var console = await browser.SignInAsync();
        await console.OpenAsync("/playground?models=openai/gpt-4.1,auto");
        await console.Field("Client key").FillAsync(browser.System.Endpoints.DevelopmentKey);
        await console.Field("Message").FillAsync("Hello");
        await console.Button("Send").ClickAsync();

        await Assertions.Expect(console.Page.Locator(".columns h2")).ToHaveTextAsync(["openai/gpt-4.1", "auto"]);
        await Assertions.Expect(console.Page.Locator(".columns strong", new() { HasText = "USD" })).ToHaveCountAsync(2, new() { Timeout = 60_000 });
        await ConsoleBrowser.PictureAsync(console.Page, "playground-answers");
        console.Complaints.ShouldBeEmpty();
    }
}
