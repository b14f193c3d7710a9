using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor.Services;
using Orchestration.Console.Components.Layout;

namespace Orchestration.Console.Tests.Components;

public sealed class LiveDataTests : IAsyncDisposable
{
    private readonly Navigation _navigation = new();
    private readonly ServiceProvider _services;

    public LiveDataTests() => _services = new ServiceCollection()
        .AddMudServices()
        .AddLocalization()
        .AddSingleton<NavigationManager>(_navigation)
        .AddSingleton<IJSRuntime, NoBrowser>()
        .AddSingleton(TimeProvider.System)
        .AddLogging()
        .BuildServiceProvider();

    [Fact]
    public async Task Content_is_shown_when_it_is_there() =>
        (await ShowAsync(_ => Task.FromResult("all well"))).ShouldContain("all well");

    [Fact]
    public async Task Ended_session_leads_to_the_signed_out_page()
    {
        await ShowAsync(_ => throw new RpcException(new Status(StatusCode.Unauthenticated, "")));

        _navigation.Went.ShouldBe([("/signed-out?reason=expired", true)]);
    }

    [Fact]
    public async Task Admin_api_that_is_away_is_said_to_be_away()
    {
        var shown = await ShowAsync(_ => throw new RpcException(new Status(StatusCode.Unavailable, "connect 10.0.0.1 refused")));

        shown.ShouldContain("The admin API does not answer (Unavailable).");
        shown.ShouldNotContain("10.0.0.1");
        _navigation.Went.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_exist_is_told_in_the_admin_apis_words() =>
        (await ShowAsync(_ => throw new RpcException(new Status(StatusCode.NotFound, "There is no such trace.")))).ShouldContain("There is no such trace.");

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<string> ShowAsync(Func<CancellationToken, Task<string>> load)
    {
        await using var renderer = new HtmlRenderer(_services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(LiveData<string>.Load)] = load,
                [nameof(LiveData<string>.ChildContent)] = (RenderFragment<string>)(text => builder => builder.AddContent(0, text)),
                [nameof(LiveData<string>.Interval)] = TimeSpan.Zero,
            });
            return (await renderer.RenderComponentAsync<LiveData<string>>(parameters)).ToHtmlString();
        });
    }

    private sealed class Navigation : NavigationManager
    {
        public Navigation() => Initialize("http://localhost/", "http://localhost/");

        public List<(string Address, bool ForceLoad)> Went { get; } = [];

        protected override void NavigateToCore(string uri, NavigationOptions options) => Went.Add((uri, options.ForceLoad));
    }

    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => ValueTask.FromResult(default(TValue)!);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => ValueTask.FromResult(default(TValue)!);
    }
}
