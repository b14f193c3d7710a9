using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Orchestration.FunctionalTests.Console;

/// <summary>A page of the console, and what its browser complained of.</summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    public ConsolePage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, refusals by the content security policy, files that are missing.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Opens a page and waits until it is live and has its data.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await SettledAsync();
    }

    /// <summary>Waits until nothing loads any more.</summary>
    public async Task SettledAsync()
    {
        await Page.Locator("h1").First.WaitForAsync();
        await Assertions.Expect(Page.Locator(".mud-progress-linear.mud-progress-linear-indeterminate, .mud-progress-indeterminate")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Field(string label) => Page.GetByLabel(label, new PageGetByLabelOptions { Exact = true });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
