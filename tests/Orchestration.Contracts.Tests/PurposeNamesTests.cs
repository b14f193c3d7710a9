using Orchestration.Contracts.Identity.V1;

namespace Orchestration.Contracts.Tests;

public sealed class PurposeNamesTests
{
    [Fact]
    public void Every_purpose_is_read_back_from_its_name()
    {
        var purposes = Enum.GetValues<Purpose>().Where(purpose => purpose != Purpose.Unspecified).ToList();

        purposes.Select(PurposeNames.Of).ShouldBe(PurposeNames.All, ignoreOrder: true);
        purposes.Select(purpose => PurposeNames.Parse(PurposeNames.Of(purpose))).ShouldBe(purposes);
        PurposeNames.Parse("holiday").ShouldBe(Purpose.Unspecified);
    }
}
