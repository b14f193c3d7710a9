using System.Diagnostics;
using Microsoft.Playwright;
using Orchestration.Testing;

namespace Orchestration.FunctionalTests.Console;

/// <summary>A real Chromium before the console of the running system. Pictures of pages lie in <c>artifacts/console</c>.</summary>
public sealed class ConsoleBrowser(SystemFixture system) : IAsyncLifetime
{
    private static readonly string Pictures = Path.Combine(RepositoryRoot.Path, "artifacts", "console");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public SystemFixture System => system;

    public async ValueTask InitializeAsync()
    {
        await InstallAsync();
        Directory.CreateDirectory(Pictures);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of an operator who has just signed in by the link, in a browser of its own.</summary>
    public async Task<ConsolePage> SignInAsync(string language = "en", ColorScheme theme = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = system.Endpoints.ConsoleHttp,
            Locale = language == "en" ? "en-GB" : "zh-CN",
            ColorScheme = theme,
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
        });
        var page = new ConsolePage(context, await context.NewPageAsync());
        await page.OpenAsync($"/signin?token={Uri.EscapeDataString(system.Endpoints.AdminKey)}");
        return page;
    }

    public static async Task PictureAsync(IPage page, string name)
    {
        // What stands still while a page scrolls would lie across the picture.
        await page.EvaluateAsync("window.scrollTo(0, 0)");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static async Task InstallAsync()
    {
        using var installing = Process.Start(new ProcessStartInfo("bash", [Path.Combine(RepositoryRoot.Path, "eng", "install-services.sh"), "chromium"]) { RedirectStandardError = true })!;
        var complaint = await installing.StandardError.ReadToEndAsync();
        await installing.WaitForExitAsync();
        installing.ExitCode.ShouldBe(0, complaint);
    }
}
