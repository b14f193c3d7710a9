using Orchestration.Routing.Prices;
using Orchestration.Routing.Tests.Policy;

namespace Orchestration.Routing.Tests.Prices;

public sealed class ShippedPlausibilityTests
{
    private static readonly string[] Known =
    [
        // Reading the cache became ten times cheaper with the next generation.
        "factor_to_history:deepseek/deepseek-chat:CNY:any@2026-04-24",
        "factor_to_history:deepseek/deepseek-chat:USD:any@2026-04-24",
        "factor_to_history:deepseek/deepseek-reasoner:CNY:any@2026-04-24",
        "factor_to_history:deepseek/deepseek-reasoner:USD:any@2026-04-24",
        // Sold far cheaper at home.
        "factor_to_other_region:alibaba/qwen-plus:CNY:cn@always",
        "factor_to_other_region:alibaba/qwen-plus:USD:intl@always",
        // A launch price in one currency and a newer list price in the other.
        "factor_to_other_region:deepseek/deepseek-v4-pro:CNY:any@always",
        "factor_to_other_region:deepseek/deepseek-v4-pro:USD:any@always",
        // Free at home, not abroad.
        "factor_to_other_region:siliconflow/Qwen/Qwen3-8B:CNY:cn@always",
        "factor_to_other_region:siliconflow/Qwen/Qwen3-8B:USD:intl@always",
        "zero_price:baidu/ernie-speed-128k:CNY:cn@always",
        "zero_price:iflytek/lite:CNY:cn@always",
        "zero_price:siliconflow/Qwen/Qwen3-8B:CNY:cn@always",
        "zero_price:tencent/hy3-preview:CNY:cn@always",
        "zero_price:zhipu/glm-4-flash:CNY:cn@always",
        "zero_price:zhipu/glm-4.5-flash:CNY:cn@always",
        "zero_price:zhipu/glm-4.5-flash:USD:intl@always",
        "zero_price:zhipu/glm-4.7-flash:CNY:cn@always",
        "zero_price:zhipu/glm-4.7-flash:USD:intl@always",
    ];

    [Fact]
    public void Shipped_prices_look_right_but_for_what_is_known_to_be_odd()
    {
        var checks = new PlausibilityChecks(PriceSamples.Dollars, PriceAnchor.ReadShipped());
        var odd = PolicySamples.Catalogue.Models
            .SelectMany(model => model.Prices.Select(price => new ModelPrice(model, price)))
            .SelectMany(price => checks.Check(price, corrected: null, PolicySamples.Catalogue).Select(warning => $"{warning.Code}:{price.Name}"))
            .Distinct().Order(StringComparer.Ordinal);

        odd.ShouldBe(Known);
    }

    [Fact]
    public void Every_anchor_is_the_price_of_a_shipped_model() =>
        PriceAnchor.ReadShipped().ShouldAllBe(anchor => PolicySamples.Catalogue.Find($"{anchor.Provider}/{anchor.Model}") != null);
}
