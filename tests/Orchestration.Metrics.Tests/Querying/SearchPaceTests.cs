using Microsoft.Extensions.Time.Testing;
using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class SearchPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Quick_windows_grow_up_to_a_bound()
    {
        var pace = new SearchPace(_time);
        var windows = new List<int> { pace.Window };
        for (var step = 0; step < 4; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            pace.GoOn().ShouldBeTrue();
            windows.Add(pace.Window);
        }

        windows.ShouldBe([1_000, 4_000, 16_000, 16_000, 16_000]);
    }

    [Fact]
    public void Slow_windows_shrink_and_others_stay()
    {
        var pace = new SearchPace(_time);
        pace.GoOn();
        pace.GoOn();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        pace.GoOn();
        pace.Window.ShouldBe(16_000);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        pace.GoOn().ShouldBeTrue();
        pace.Window.ShouldBe(4_000);
    }

    [Fact]
    public void Page_ends_when_its_time_is_over()
    {
        var pace = new SearchPace(_time);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        pace.GoOn().ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        pace.GoOn().ShouldBeFalse();
    }
}
