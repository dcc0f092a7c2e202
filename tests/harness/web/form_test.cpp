#include "harness/web/form.hpp"

#include <doctest/doctest.h>

using namespace harness::web;

TEST_SUITE("harness.web") {
    TEST_CASE("a form is decoded as the URL standard says") {
        const auto form = Form::parse("a=1+2&b=%E2%82%AC%26&c=&d");
        REQUIRE(form);
        CHECK(form->text("a") == "1 2");
        CHECK(form->text("b") == "\u20ac&");
        CHECK(form->text("c").empty());
        CHECK(form->has("d"));
        CHECK_FALSE(form->has("e"));
    }

    TEST_CASE("a form with a broken escape or a field twice is refused") {
        for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=1&a=2", "a=1&%61=2"}) {
            CAPTURE(bad);
            CHECK_FALSE(Form::parse(bad));
        }
    }

    TEST_CASE("a form with more fields than any page of ours has is refused") {
        std::string many;
        for (int i = 0; i < 65; ++i) many += "f" + std::to_string(i) + "=1&";
        CHECK_FALSE(Form::parse(many));
    }

    TEST_CASE("only whole numbers of the scale's kind are numbers") {
        const auto form = Form::parse("a=7&b=-1&c=7x&d=1e3&e=99999999999999999999&f=+7");
        CHECK(form->number("a") == 7);
        for (const char* name : {"b", "c", "d", "e", "f", "missing"}) {
            CAPTURE(name);
            CHECK_FALSE(form->number(name));
        }
    }

    TEST_CASE("times that are no times are not taken") {
        const auto form = Form::parse("a=12.5&b=nan&c=inf&d=-3&e=1e999");
        CHECK(form->seconds("a") == 12.5);
        for (const char* name : {"b", "c", "d", "e"}) {
            CAPTURE(name);
            CHECK_FALSE(form->seconds(name));
        }
    }

    TEST_CASE("a cookie that is there twice is no cookie") {
        CHECK(cookie_value("a=1; rater=x; b=2", "rater") == "x");
        CHECK(cookie_value("rater=x; rater=y", "rater").empty());
        CHECK(cookie_value("xrater=1", "rater").empty());
        CHECK(cookie_value("", "rater").empty());
    }
}
